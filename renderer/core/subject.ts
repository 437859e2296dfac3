import { opacityOfLogit } from './drawable.ts';
import type { SplatScene } from './splat-scene.ts';
import type { Vec3 } from './vector.ts';
import { vec3 } from './vector.ts';
import { lowBits } from './curve-codes.ts';
import { argsort } from './argsort.ts';

/** A ball in the scene's own axes and world units. */
export interface Ball {
  readonly centre: Vec3;
  readonly radius: number;
}

/** The ball that holds a scene but for strays. */
export interface Bulk extends Ball {
  /** Of the ball around the same centre that holds 95 % of all splats. */
  readonly coreRadius: number;
}

/** Enough samples for stable quantiles, few enough to sort in a blink. */
const maxSamples = 100_000;
/** Details below this share of the median size count as no finer: a few specks must not draw the centre to them. */
const finestShare = 0.05;
/** Quantile at which a splat's detail is cut off, for the same reason. */
const detailQuantile = 0.98;
const meanShiftSteps = 30;
/** Shells around the centre grow by this factor; the subject ends where splats are this much coarser than its core. */
const shellGrowth = 1.15;
const coarser = 2;
/** Bounds of the subject's radius, in radii that hold half of the detail. */
const radiusBounds = [1.25, 3] as const;
/** Splats that a shell needs to tell anything. */
const fewestInShell = 20;
/** Splats beyond this many radii that hold 95 % of all are strays. */
const strayRadii = 3;
const bulkQuantile = 0.95;

/** What of a scene's splats `findSubject` goes by: places, middle axis lengths and opacities of a sample of them. */
interface Sample {
  readonly count: number;
  /** (count, 3) world units. */
  readonly positions: Float64Array;
  /** (count) middle of the three axis lengths, world units. */
  readonly sizes: Float64Array;
  /** (count) 0..1. */
  readonly opacities: Float64Array;
}

/**
 * Finds what a capture is about: the ball around its finest detail. A fit makes splats as small as the photos resolve,
 * so they are finest, and densest, where most cameras looked from near. The centre is a mean shift (Comaniciu and Meer
 * 2002) over detail, opacity by squared size; the radius ends where a shell's splats are twice as coarse as the core's.
 * @param rows scene rows that count
 */
export function findSubject(scene: SplatScene, rows: Int32Array): Ball {
  const sample = sampleOf(scene, rows);
  const detail = detailOf(sample);
  let centre = vec3((axis) => weightedMedian(strided(sample.positions, axis), detail));
  for (let step = 0; step < meanShiftSteps; step++) {
    const distances = distancesFrom(sample, centre);
    const reach = weightedMedian(distances, detail);
    if (reach === 0) break;
    const next = shifted(sample, detail, distances, centre, reach);
    const moved = Math.hypot(next[0] - centre[0], next[1] - centre[1], next[2] - centre[2]);
    centre = next;
    if (moved <= 1e-3 * reach) break;
  }
  const distances = distancesFrom(sample, centre);
  return { centre, radius: radiusOf(sample, distances, weightedMedian(distances, detail)) };
}

/**
 * Finds the ball that holds a scene's bulk with room to spare; what lies outside are strays. Its centre is the median
 * splat, so no few splats can move it, whatever their place, size or opacity.
 * @param rows scene rows that count
 */
export function findBulk(scene: SplatScene, rows: Int32Array): Bulk {
  const sample = sampleOf(scene, rows);
  const even = new Float64Array(sample.count).fill(1);
  const centre = vec3((axis) => weightedMedian(strided(sample.positions, axis), even));
  const coreRadius = weightedQuantile(distancesFrom(sample, centre), even, bulkQuantile);
  return { centre, coreRadius, radius: coreRadius > 0 ? strayRadii * coreRadius : Infinity };
}

/** The rows whose splats' centres lie in a ball, in their order. */
export function rowsInside(scene: SplatScene, rows: Int32Array, { centre, radius }: Ball): Int32Array {
  const { positions } = scene;
  const [x, y, z] = centre;
  return rows.filter((row) => {
    const [dx, dy, dz] = [positions[3 * row] - x, positions[3 * row + 1] - y, positions[3 * row + 2] - z];
    return dx * dx + dy * dy + dz * dz <= radius * radius;
  });
}

function sampleOf(scene: SplatScene, rows: Int32Array): Sample {
  const step = Math.max(1, Math.ceil(rows.length / maxSamples));
  const count = Math.ceil(rows.length / step);
  const positions = new Float64Array(3 * count);
  const sizes = new Float64Array(count);
  const opacities = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = rows[i * step];
    for (let axis = 0; axis < 3; axis++) positions[3 * i + axis] = scene.positions[3 * row + axis];
    const [a, b, c] = vec3((axis) => scene.logScales[3 * row + axis]);
    // No sum of the three: the log of an axis without length is -Infinity.
    sizes[i] = Math.exp(Math.max(Math.min(a, b), Math.min(Math.max(a, b), c)));
    opacities[i] = opacityOfLogit(scene.logitOpacities[row]);
  }
  return { count, positions, sizes, opacities };
}

/** (count) detail of every splat: opacity by squared size, with the finest and the strongest cut off. */
function detailOf({ sizes, opacities }: Sample): Float64Array {
  const extended = sizes.filter((size) => size > 0).sort();
  const finest = finestShare * (extended[extended.length >> 1] ?? 1);
  const detail = sizes.map((size, i) => opacities[i] / Math.max(size, finest) ** 2);
  const highest = detail.slice().sort()[Math.floor(detailQuantile * (detail.length - 1))];
  return detail.map((value) => Math.min(value, highest));
}

/**
 * Mean place of the detail near a centre, by a Gaussian of standard deviation `reach`; the centre where none is left.
 */
function shifted(
  { count, positions }: Sample,
  detail: Float64Array,
  distances: Float64Array,
  centre: Vec3,
  reach: number,
): Vec3 {
  const sum = [0, 0, 0];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = detail[i] * Math.exp(-0.5 * (distances[i] / reach) ** 2);
    total += weight;
    for (let axis = 0; axis < 3; axis++) sum[axis] += weight * positions[3 * i + axis];
  }
  return total > 0 ? vec3((axis) => sum[axis] / total) : centre;
}

function radiusOf(sample: Sample, distances: Float64Array, half: number): number {
  const within = (from: number, to: number): number => {
    const picked: number[] = [];
    for (let i = 0; i < sample.count; i++) if (distances[i] >= from && distances[i] < to) picked.push(i);
    if (picked.length < fewestInShell) return NaN;
    const sizes = Float64Array.from(picked, (i) => sample.sizes[i]);
    return weightedMedian(
      sizes,
      Float64Array.from(picked, (i) => sample.opacities[i]),
    );
  };
  const core = within(0, half);
  const [least, most] = radiusBounds.map((factor) => factor * half);
  let radius = least;
  for (let inner = half; inner < most; inner *= shellGrowth) {
    if (within(inner, inner * shellGrowth) <= coarser * core) radius = inner * shellGrowth;
    else if (inner * shellGrowth > least) break;
  }
  return Math.min(radius, most);
}

function strided(values: Float64Array, axis: number): Float64Array {
  return Float64Array.from({ length: values.length / 3 }, (_, i) => values[3 * i + axis]);
}

function distancesFrom({ count, positions }: Sample, [x, y, z]: Vec3): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    Math.hypot(positions[3 * i] - x, positions[3 * i + 1] - y, positions[3 * i + 2] - z),
  );
}

function weightedMedian(values: Float64Array, weights: Float64Array): number {
  return weightedQuantile(values, weights, 0.5);
}

/** The smallest value at which the weights of all up to it reach a share of the whole. */
function weightedQuantile(values: Float64Array, weights: Float64Array, share: number): number {
  const order = ascending(values);
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (const i of order) if ((left -= weights[i]) <= 0) return values[i];
  return values[order[order.length - 1]];
}

/** Indices that sort numbers to float32 precision, in linear time: the bits of floats, turned so that they sort. */
function ascending(values: Float64Array): Int32Array {
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  const keys = bits.map((word) => (word >>> 31 === 1 ? ~word : word | 0x80000000));
  return argsort({ low: keys.map((key) => key & (2 ** lowBits - 1)), high: keys.map((key) => key >>> lowBits) });
}
