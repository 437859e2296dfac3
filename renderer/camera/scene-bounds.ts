import type { SplatScene } from '../core/splat-scene.ts';
import { norm, vec3, type Vec3 } from '../core/vector.ts';

/** Where a scene lies, judged by its bulk: a few stray splats far away do not count. World units. */
export interface SceneBounds {
  readonly centre: Vec3;
  readonly radius: number;
}

/** Enough samples for stable percentiles, few enough to sort in a blink. */
const SAMPLES = 20_000;
/** Share of splats that the radius encloses. */
const ENCLOSED = 0.98;
const VISIBLE_LOGIT = -2.2;

/** Median centre, and the radius that holds 98 % of the splats that can be seen (opacity above 0.1). */
export function sceneBounds(scene: SplatScene): SceneBounds {
  const picked = sample(scene, VISIBLE_LOGIT);
  const indices = picked.length > 0 ? picked : sample(scene, -Infinity);
  if (indices.length === 0) return { centre: [0, 0, 0], radius: 1 };
  const axis = new Float64Array(indices.length);
  const centre = vec3((component) => {
    indices.forEach((index, slot) => (axis[slot] = scene.positions[index * 3 + component]));
    axis.sort();
    return axis[axis.length >> 1];
  });
  indices.forEach((index, slot) => {
    axis[slot] = norm(vec3((k) => scene.positions[index * 3 + k] - centre[k]));
  });
  axis.sort();
  const radius = axis[Math.min(axis.length - 1, Math.floor(axis.length * ENCLOSED))];
  return { centre, radius: radius > 0 ? radius : 1 };
}

/** Evenly spaced finite splats whose opacity logit exceeds `minLogit`. */
function sample(scene: SplatScene, minLogit: number): number[] {
  const step = Math.max(1, Math.floor(scene.count / SAMPLES));
  const indices: number[] = [];
  for (let index = 0; index < scene.count; index += step) {
    const sum = scene.positions[index * 3] + scene.positions[index * 3 + 1] + scene.positions[index * 3 + 2];
    if (Number.isFinite(sum) && scene.logitOpacities[index] > minLogit) indices.push(index);
  }
  return indices;
}
