import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';

/** What `encodeScene` takes beside the scene and its format. */
export interface EncodeOptions extends JobOptions<FileStage> {
  /**
   * A line of printable ASCII to keep in the file, where `commentsOfWholeFile` finds it again: a comment of the PLY
   * header, or of the gzip header around SPZ.
   */
  readonly comment?: string | undefined;
}
