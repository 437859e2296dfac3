import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';

/** What `encodeScene` may be told beside the format. */
export interface EncodeOptions extends JobOptions<FileStage> {
  /**
   * A line of printable ASCII to keep in the file, where `commentsOfWholeFile` finds it again: a comment of the PLY
   * header, or of the gzip header around SPZ.
   */
  readonly comment?: string | undefined;
}
