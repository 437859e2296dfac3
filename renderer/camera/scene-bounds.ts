import type { SplatScene } from '../core/splat-scene.ts';
import { norm, vec3, type Vec3 } from '../core/vector.ts';

/** The ball around what can be seen of a scene; a few stray splats far away do not count. World units. */
export interface SceneBounds {
  readonly centre: Vec3;
  readonly radius: number;
}

/** Enough samples for stable percentiles, few enough to sort in a blink. */
const SAMPLES = 20_000;
const VISIBLE_LOGIT = -2.2;
/** Share of splats that surely belong to the scene: those nearest to its median. */
const BULK = 0.98;
/** Beyond the bulk the scene goes on until there is nothing for this share of the way from its median. */
const GAP = 0.2;
/** And ends at this many radii of the bulk, however far its surroundings reach. */
const FARTHEST = 2;
/** Of splats that are larger than the scene that their middles make, so many standard deviations are in sight. */
const REACH_OF_GIANTS = 3;

/**
 * The ball around the splats that can be seen (opacity above 0.1). Mass at one end does not move it: a thin leaf above
 * a dense pot is in it. Strays are those that lie beyond a gap, or beyond twice the radius of 98 % of all. Splats
 * that are larger than all that are seen from outside, as a picture from within shows nothing.
 */
export function sceneBounds(scene: SplatScene): SceneBounds {
  const picked = sample(scene, VISIBLE_LOGIT);
  const indices = picked.length > 0 ? picked : sample(scene, -Infinity);
  if (indices.length === 0) return { centre: [0, 0, 0], radius: 1 };
  const kept = withoutStrays(scene, indices);
  const centre = vec3((axis) => {
    const along = kept.map((index) => scene.positions[index * 3 + axis]);
    return (along.reduce((a, b) => Math.min(a, b)) + along.reduce((a, b) => Math.max(a, b))) / 2;
  });
  const radius = kept.reduce((most, index) => Math.max(most, distance(scene, index, centre)), 0);
  const size = medianSize(scene, kept);
  if (size > radius) return { centre, radius: REACH_OF_GIANTS * size };
  return { centre, radius: radius > 0 ? radius : 1 };
}

/** The middle one of the splats' largest standard deviations; 0 where none is finite. */
function medianSize({ logScales }: SplatScene, indices: readonly number[]): number {
  const sizes = indices.map((index) => Math.exp(Math.max(...logScales.subarray(3 * index, 3 * index + 3))));
  const finite = Float64Array.from(sizes.filter(Number.isFinite)).sort();
  return finite.length === 0 ? 0 : finite[finite.length >> 1];
}

/** The splats nearest to the median, up to the gap behind which the strays lie. */
function withoutStrays(scene: SplatScene, indices: readonly number[]): readonly number[] {
  const axis = new Float64Array(indices.length);
  const median = vec3((component) => {
    indices.forEach((index, slot) => (axis[slot] = scene.positions[index * 3 + component]));
    axis.sort();
    return axis[axis.length >> 1];
  });
  const far = indices
    .map((index) => ({ index, distance: distance(scene, index, median) }))
    .sort((a, b) => a.distance - b.distance);
  let end = Math.min(far.length, Math.ceil(far.length * BULK));
  const farthest = far[end - 1].distance * FARTHEST;
  while (end < far.length && far[end].distance <= Math.min(farthest, far[end - 1].distance * (1 + GAP))) end += 1;
  return far.slice(0, end).map(({ index }) => index);
}

function distance({ positions }: SplatScene, index: number, from: Vec3): number {
  return norm(vec3((k) => positions[index * 3 + k] - from[k]));
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
