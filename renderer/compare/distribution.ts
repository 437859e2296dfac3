/** How values are spread between two bounds. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  /** (bins) numbers of values; the last bin includes `to`. */
  readonly counts: Uint32Array;
  readonly below: number;
  readonly above: number;
  /** Values that are not numbers. */
  readonly missing: number;
}

/** Counts values into `bins` equal bins between `from` and `to`. */
export function histogramOf(values: Float32Array, from: number, to: number, bins: number): Histogram {
  const counts = new Uint32Array(bins);
  const scale = bins / (to - from);
  let [below, above, missing] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) missing++;
    else if (value < from) below++;
    else if (value > to) above++;
    else counts[Math.min(bins - 1, Math.floor((value - from) * scale))]++;
  }
  return { from, to, counts, below, above, missing };
}

/** Enough for a percentile that a person cannot tell from the exact one, few enough to sort between two frames. */
const SAMPLES = 65_536;

/**
 * Magnitude that a share of the values does not exceed, from evenly spaced samples of a large array.
 * @param share 0..1, for instance 0.98
 * @returns 0 where there is no number
 */
export function magnitudePercentile(values: Float32Array, share: number): number {
  const step = Math.max(1, Math.ceil(values.length / SAMPLES));
  const samples = new Float32Array(Math.ceil(values.length / step));
  let count = 0;
  for (let i = 0; i < values.length; i += step) {
    if (!Number.isNaN(values[i])) samples[count++] = Math.abs(values[i]);
  }
  if (count === 0) return 0;
  const sorted = samples.subarray(0, count).sort();
  return sorted[Math.min(count, Math.max(1, Math.ceil(share * count))) - 1];
}
