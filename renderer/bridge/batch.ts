import type { BatchAdded, BatchChange, BatchSettingsPatch, BatchView } from '../batch/view.ts';
import type { Answer, SceneFile } from './desktop.ts';

/** What the page may ask about the batch. Rows are named by ids that main gave out; paths never reach the page. */
export interface BatchBridge {
  /** The list as it is; changes follow through `onBatchChange`. */
  batchView(): Promise<Answer<BatchView>>;
  /** Asks for scene files; undefined where the dialog was left. */
  batchAddFiles(): Promise<Answer<BatchAdded | undefined>>;
  /** Asks for a folder, whose sub-folders count too. */
  batchAddFolder(): Promise<Answer<BatchAdded | undefined>>;
  batchAddDropped(files: readonly File[]): Promise<Answer<BatchAdded>>;
  batchChooseOutput(): Promise<Answer<undefined>>;
  batchChange(patch: BatchSettingsPatch): Promise<Answer<undefined>>;
  /** `start` also goes on after a pause. */
  batchRun(action: 'start' | 'pause' | 'cancel'): Promise<Answer<undefined>>;
  batchItems(action: 'cancel' | 'retry' | 'remove', ids: readonly string[]): Promise<Answer<undefined>>;
  /** A handle for a row's file or its finished answer. */
  batchScene(id: string, which: 'input' | 'output'): Promise<Answer<SceneFile>>;
  /** Shows a row's answer, or its file where there is none, in the system's file manager. */
  batchReveal(id: string): Promise<Answer<undefined>>;
  /** Asks where to save the report (HTML or JSON); the name it got, or undefined. */
  batchSaveReport(): Promise<Answer<string | undefined>>;
  batchDismissResume(): Promise<Answer<undefined>>;
  onBatchChange(listener: (change: BatchChange) => void): void;
}
