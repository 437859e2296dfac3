import type { Viewpoint } from '../core/camera-file.ts';
import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';

/** What `encodeScene` takes beside the scene and its format. */
export interface EncodeOptions extends JobOptions<FileStage> {
  /**
   * A line of printable ASCII to keep in the file, where `commentsOfWholeFile` finds it again: a comment of the PLY
   * header, of the gzip header around SPZ, of the zip archive around SOG, or among the extras of a JSON description.
   * A .splat has no place for it.
   */
  readonly comment?: string | undefined;
  /** The file's name without its ending, for the file beside a .gltf and the title of a web page; else the scene's. */
  readonly stem?: string | undefined;
  /** Where a web page begins, and its places to visit. */
  readonly views?: PageViews | undefined;
}

/** Views of a web page, in the scene's own axes. */
export interface PageViews {
  readonly start?: Viewpoint | undefined;
  readonly bookmarks: readonly (Viewpoint & { readonly name: string })[];
}
