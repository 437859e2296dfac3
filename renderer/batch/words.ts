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

/**
 * `3 done, 1 failed, 2 waiting`; states without a file are left out.
 * @param isHeld nothing computes: the file under way is paused
 */
export function countsText(counts: StateCounts, isHeld = false): string {
  const order: readonly ItemState[] = ['done', 'failed', 'skipped', 'cancelled', 'running', 'queued'];
  const labelOf = (state: ItemState): string =>
    isHeld && state === 'running' ? 'paused' : STATE_LABELS[state].toLowerCase();
  const parts = order
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${labelOf(state)}`);
  return parts.length === 0 ? 'No files' : parts.join(', ');
}
