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

export const FORMAT_LABELS: Readonly<Record<BatchSettings['format'], string>> = {
  'inria-ply': 'PLY (full precision)',
  'compressed-ply': 'Compressed PLY',
  spz: 'SPZ',
};

export const UP_LABELS: Readonly<Record<BatchSettings['up'], string>> = {
  file: 'From each file, else +Z',
  y: '+Y',
  '-y': '−Y',
  z: '+Z',
};

/** `900 B`, `3.6 MB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 || value >= 99.95 ? 0 : 1)} ${units[unit]}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function timeText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `3 done, 1 failed, 2 waiting`; states without a file are left out. */
export function countsText(counts: StateCounts): string {
  const order: readonly ItemState[] = ['done', 'failed', 'skipped', 'cancelled', 'running', 'queued'];
  const parts = order
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state].toLocaleString('en')} ${STATE_LABELS[state].toLowerCase()}`);
  return parts.length === 0 ? 'No files' : parts.join(', ');
}
