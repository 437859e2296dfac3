import type { Vec3 } from './vector.ts';

/** Directions of equal density over the sphere, by turns of the golden angle (Swinbank and Purser 2006). */
export function fibonacciDirection(index: number, count: number): Vec3 {
  const z = 1 - (2 * index + 1) / count;
  const azimuth = index * Math.PI * (3 - Math.sqrt(5));
  const level = Math.sqrt(1 - z * z);
  return [level * Math.cos(azimuth), level * Math.sin(azimuth), z];
}
