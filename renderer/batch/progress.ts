import type { BatchItem } from './queue.ts';
import { isOpen } from './queue.ts';

export interface BatchProgress {
  /** Share of all bytes that is dealt with, 0 to 1. */
  readonly fraction: number;
  /** Bytes still to refine, of files that wait or run. */
  readonly bytesLeft: number;
}

/** How far the whole batch is, weighing each file by its size; `current` is how far the running one is. */
export function batchProgress(items: readonly Pick<BatchItem, 'state' | 'bytes'>[], current: number): BatchProgress {
  let total = 0;
  let left = 0;
  for (const item of items) {
    // An empty file still counts for a little, so that a list of them moves.
    const weight = Math.max(1, item.bytes);
    total += weight;
    if (isOpen(item)) left += weight * (item.state === 'running' ? 1 - current : 1);
  }
  return { fraction: total === 0 ? 0 : 1 - left / total, bytesLeft: left };
}
