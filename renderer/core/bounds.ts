import type { SplatScene } from './splat-scene.ts';
import type { Vec3 } from './vector.ts';
import { vec3 } from './vector.ts';

/** Axis-aligned box in world units. */
export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** Box around both; null where both are. */
export function unionOf(a: Bounds | null, b: Bounds | null): Bounds | null {
  if (a === null || b === null) return a ?? b;
  return {
    min: vec3((k) => Math.min(a.min[k], b.min[k])),
    max: vec3((k) => Math.max(a.max[k], b.max[k])),
  };
}

/** Box around all finite splat centres; null where there is none. */
export function boundingBox(scene: SplatScene): Bounds | null {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  const p = scene.positions;
  for (let i = 0; i < p.length; i += 3) {
    const x = p[i];
    const y = p[i + 1];
    const z = p[i + 2];
    if (!Number.isFinite(x + y + z)) continue;
    if (x < min[0]) min[0] = x;
    if (y < min[1]) min[1] = y;
    if (z < min[2]) min[2] = z;
    if (x > max[0]) max[0] = x;
    if (y > max[1]) max[1] = y;
    if (z > max[2]) max[2] = z;
  }
  return min[0] === Infinity ? null : { min, max };
}
