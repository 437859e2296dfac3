import type { Commit, ItemResult } from '../../renderer/batch/queue.ts';
import type { ErrorRecord } from '../../renderer/core/errors.ts';
import type { Progress } from '../../renderer/core/progress.ts';
import type { FileStage } from '../../renderer/core/stages.ts';
import type { WritableFormatId } from '../../renderer/io/write-scene.ts';
import type { UpAxis } from '../../renderer/core/up-axes.ts';

/** One file's work as main hands it to the batch's process. Paths are absolute. */
export interface BatchJob {
  readonly id: string;
  readonly input: string;
  readonly output: string;
  readonly modelPath: string;
  readonly format: WritableFormatId;
  readonly strength: number;
  readonly up: UpAxis | undefined;
  readonly replace: boolean;
}

/** Main to the batch's process. One job at a time; cancelling ends the process. */
export type ToWorker =
  | { readonly kind: 'refine'; readonly job: BatchJob }
  /** The answer's checksum is noted on disk: it may be written now. */
  | { readonly kind: 'write' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' };

/** The batch's process to main. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress<FileStage> }
  | { readonly kind: 'read'; readonly id: string; readonly splats: number }
  /** Paused, between two stages. */
  | { readonly kind: 'held'; readonly id: string }
  | { readonly kind: 'encoded'; readonly id: string; readonly answer: Commit }
  | { readonly kind: 'done'; readonly id: string; readonly result: ItemResult; readonly milliseconds: number }
  /** `isModel`: the model can't be used, so no other file could be refined with it either. */
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly failure: ErrorRecord;
      readonly milliseconds: number;
      readonly isModel: boolean;
    };
