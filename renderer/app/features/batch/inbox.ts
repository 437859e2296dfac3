import type { BatchChange, BatchProgressView, BatchRow, BatchStatus } from '../../../batch/view.ts';

/** At the least between two deliveries: small files finish faster than a table of a thousand rows is laid out. */
export const GAP_MS = 100;

/**
 * Joins main's messages so that the page's work is bounded by time, not by how fast files finish. The first message
 * after a quiet moment is passed on at once, and so is one that says that the run starts, pauses or ends; the others
 * together, of each row and of the progress only the newest.
 */
export class BatchInbox {
  private readonly rows = new Map<string, BatchRow>();
  private readonly removed = new Set<string>();
  private status: BatchStatus | undefined;
  private progress: BatchProgressView | undefined;
  private run: BatchStatus['run'] | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly deliver: (change: BatchChange) => void) {}

  add({ rows = [], removed = [], status, progress }: BatchChange): void {
    for (const row of rows) {
      this.rows.set(row.id, row);
      // A file that has ended is no longer under way, whatever was said of it before.
      if (row.id === this.progress?.id && row.state !== 'running') this.progress = undefined;
    }
    for (const id of removed) {
      this.rows.delete(id);
      this.removed.add(id);
    }
    this.status = status ?? this.status;
    this.progress = progress ?? this.progress;
    const turned = status !== undefined && status.run !== this.run;
    this.run = status?.run ?? this.run;
    if (turned || this.timer === undefined) this.flush();
  }

  private flush(): void {
    const change: BatchChange = {
      ...(this.rows.size === 0 ? {} : { rows: [...this.rows.values()] }),
      ...(this.removed.size === 0 ? {} : { removed: [...this.removed] }),
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.progress === undefined ? {} : { progress: this.progress }),
    };
    clearTimeout(this.timer);
    this.timer = undefined;
    if (Object.keys(change).length === 0) return;
    this.rows.clear();
    this.removed.clear();
    this.status = undefined;
    this.progress = undefined;
    this.deliver(change);
    this.timer = setTimeout(() => this.flush(), GAP_MS);
  }
}
