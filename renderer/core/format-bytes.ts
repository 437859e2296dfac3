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
  return `${Number(value.toFixed(digits)).toLocaleString('en')} ${UNITS[unit]}`;
}
