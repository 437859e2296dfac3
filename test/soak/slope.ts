/** A value at a time in minutes. */
export type Point = readonly [minutes: number, value: number];

/** Least squares: how much the value grows in an hour. NaN for fewer than two points. */
export function slopePerHour(points: readonly Point[]): number {
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanTime, meanValue] = [mean(0), mean(1)];
  let covariance = 0;
  let variance = 0;
  for (const [time, value] of points) {
    covariance += (time - meanTime) * (value - meanValue);
    variance += (time - meanTime) ** 2;
  }
  return (60 * covariance) / variance;
}

/** The points after the first third, in which caches fill. */
export function settled(points: readonly Point[]): readonly Point[] {
  const last = points.at(-1)?.[0] ?? 0;
  return points.filter(([minutes]) => minutes >= last / 3);
}
