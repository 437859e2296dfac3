/** The values at shares of the way (0..1) from the least to the greatest of them: nearest ranks, rounded down. */
export function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  const sorted = values.slice().sort();
  return shares.map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
}

/** One of `quantiles`. */
export function quantile(values: Float64Array, share: number): number {
  return quantiles(values, [share])[0];
}
