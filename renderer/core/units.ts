const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/**
 * A size as people read it, in decimal units: 3 digits at most where it is over a kilobyte. `192 MB`, `1.25 GB`, `12
 * bytes`.
 */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 of a unit would be rounded to 1000 of it.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${formatCount(Number(value.toFixed(digits)))} ${UNITS[unit]}`;
}

/** A number of things: `1,234`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** `1 splat`, `1,234 splats`. */
export function splats(count: number, noun = 'splat'): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : inUnitsOfTime(Math.round(seconds));
}

/** A guess of the time that is left, as exact as it is worth: `3 s`, `40 s`, `2 min 10 s`. */
export function formatRemaining(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return inUnitsOfTime(seconds < 60 ? seconds : Math.round(seconds / 10) * 10);
}

function inUnitsOfTime(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return minutes < 60
    ? `${minutes} min ${twoDigits(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}
