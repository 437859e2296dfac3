import { UP_NAMES } from '../core/up-axes.ts';
import { formatCount } from '../core/units.ts';
import type { BatchSettings, ItemState, StateCounts } from './queue.ts';

/** How the app's table and the report's page say the same things. */

export const STATE_LABELS: Readonly<Record<ItemState, string>> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  skipped: 'Skipped',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const UP_LABELS: Readonly<Record<BatchSettings['up'], string>> = {
  file: 'As each scene tells',
  ...UP_NAMES,
};

/** `3 done, 1 failed, 2 waiting`; states without a file are left out. */
export function countsText(counts: StateCounts): string {
  const order: readonly ItemState[] = ['done', 'failed', 'skipped', 'cancelled', 'running', 'queued'];
  const parts = order
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${STATE_LABELS[state].toLowerCase()}`);
  return parts.length === 0 ? 'No files' : parts.join(', ');
}
