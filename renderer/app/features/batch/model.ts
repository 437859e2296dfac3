import { countStates } from '../../../batch/queue.ts';
import type { StateCounts } from '../../../batch/queue.ts';
import type { BatchChange, BatchProgressView, BatchRow, BatchStatus } from '../../../batch/view.ts';

export interface BatchListener {
  /** The rows that are new or changed, in order, and the ids of those that are gone. */
  rows(changed: readonly BatchRow[], removed: readonly string[]): void;
  status(status: BatchStatus): void;
  /** Many times a second while a file is under way. */
  progress(progress: BatchProgressView): void;
}

/** The page's copy of the batch, kept by main's messages. */
export class BatchModel {
  private readonly rowsById = new Map<string, BatchRow>();
  private readonly listeners: BatchListener[] = [];
  private currentStatus: BatchStatus | undefined;
  private currentProgress: BatchProgressView | undefined;

  watch(listener: BatchListener): void {
    this.listeners.push(listener);
  }

  get rows(): Iterable<BatchRow> {
    return this.rowsById.values();
  }

  get size(): number {
    return this.rowsById.size;
  }

  /** Undefined until main has answered. */
  get status(): BatchStatus | undefined {
    return this.currentStatus;
  }

  /** Of the file under way. */
  get progress(): BatchProgressView | undefined {
    return this.currentProgress;
  }

  get counts(): StateCounts {
    return countStates([...this.rowsById.values()]);
  }

  row(id: string): BatchRow | undefined {
    return this.rowsById.get(id);
  }

  idsOf(...states: readonly BatchRow['state'][]): string[] {
    return [...this.rowsById.values()].filter(({ state }) => states.includes(state)).map(({ id }) => id);
  }

  change({ rows = [], removed = [], status, progress }: BatchChange): void {
    for (const row of rows) {
      this.rowsById.set(row.id, row);
      if (row.id === this.currentProgress?.id && row.state !== 'running') this.currentProgress = undefined;
    }
    for (const id of removed) this.rowsById.delete(id);
    if (status !== undefined) this.currentStatus = status;
    if (progress !== undefined) this.currentProgress = progress;
    for (const listener of this.listeners) {
      if (rows.length > 0 || removed.length > 0) listener.rows(rows, removed);
      if (status !== undefined) listener.status(status);
      if (progress !== undefined) listener.progress(progress);
    }
  }
}
