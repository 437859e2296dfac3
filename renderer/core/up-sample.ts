import { isDrawable, opacityOfLogit } from './drawable.ts';
import { quantile } from './quantile.ts';
import { rotationMatrix } from './quaternion.ts';
import type { SplatScene } from './splat-scene.ts';
import { shRestCount } from './splat-scene.ts';
import { vec3 } from './vector.ts';

/** What an estimate of the up axis looks at: some of a scene's visible splats, without strays. */
export interface UpSample {
  readonly count: number;
  /** (count, 3) about the middle splat, in radii that hold 95 % of the sample. */
  readonly positions: Float64Array;
  /** (count) opacities. */
  readonly weights: Float64Array;
  /** (count, 3) unit directions of the shortest axes. */
  readonly normals: Float64Array;
  /** (count) opacity by area by flatness. */
  readonly flatAreas: Float64Array;
  /** (count, 3) colours: harmonics of degree 0. */
  readonly colours: Float64Array;
  /** (count, 3, 3) change of each colour along x, y, z: harmonics of degree 1; undefined where there are none. */
  readonly gradients: Float64Array | undefined;
}

/** Enough for stable quantiles and cells, few enough to be looked at in a blink. */
const MOST = 20_000;
const LEAST_LOGIT = -2.2;
const BULK_QUANTILE = 0.95;
/** Splats beyond this many radii of the bulk are strays. */
const STRAY_RADII = 3;
/** Areas count up to those of this quantile: one giant must not be the ground. */
const LARGEST_AREA_QUANTILE = 0.98;

/** Takes the sample; undefined where no splat is visible or all are in one place. */
export function sampleForUp(scene: SplatScene): UpSample | undefined {
  const rows = visibleRows(scene);
  if (rows.length === 0) return undefined;
  const centre = vec3((axis) =>
    quantile(
      Float64Array.from(rows, (row) => scene.positions[3 * row + axis]),
      0.5,
    ),
  );
  const distanceOf = (row: number): number =>
    Math.hypot(...vec3((axis) => scene.positions[3 * row + axis] - centre[axis]));
  const radius = quantile(Float64Array.from(rows, distanceOf), BULK_QUANTILE);
  if (!(radius > 0)) return undefined;
  const kept = rows.filter((row) => distanceOf(row) < STRAY_RADII * radius);
  const count = kept.length;
  const positions = new Float64Array(3 * count);
  const normals = new Float64Array(3 * count);
  const weights = Float64Array.from(kept, (row) => opacityOfLogit(scene.logitOpacities[row]));
  const areas = new Float64Array(count);
  const flatness = new Float64Array(count);
  kept.forEach((row, i) => {
    for (let axis = 0; axis < 3; axis++)
      positions[3 * i + axis] = (scene.positions[3 * row + axis] - centre[axis]) / radius;
    const lengths = [0, 1, 2].map((axis) => Math.min(radius, Math.exp(scene.logScales[3 * row + axis])));
    const [shortest, middle, longest] = [0, 1, 2].sort((a, b) => lengths[a] - lengths[b]);
    areas[i] = lengths[middle] * lengths[longest];
    flatness[i] = lengths[middle] > 0 ? 1 - lengths[shortest] / lengths[middle] : 0;
    normals.set(axisOfRotation(scene.quats.subarray(4 * row, 4 * row + 4), shortest), 3 * i);
  });
  const largest = quantile(areas, LARGEST_AREA_QUANTILE);
  const flatAreas = areas.map((area, i) => weights[i] * flatness[i] * Math.min(area, largest));
  return { count, positions, weights, normals, flatAreas, ...coloursOf(scene, kept) };
}

/** The smallest values at which the weights of all up to them reach shares of the whole; shares ascending. */
export function weightedQuantiles(values: Float64Array, weights: Float64Array, shares: readonly number[]): number[] {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let [sum, at] = [weights[order[0]], 0];
  return shares.map((share) => {
    while (sum < share * total && at < order.length - 1) sum += weights[order[++at]];
    return values[order[at]];
  });
}

/** How many splats of a scene come for each that is looked at. A scene of only those has all of them looked at. */
export function sampleStep(count: number): number {
  return Math.max(1, Math.floor(count / MOST));
}

/** Rows of evenly spaced visible splats. */
function visibleRows(scene: SplatScene): number[] {
  const rows: number[] = [];
  const step = sampleStep(scene.count);
  for (let row = 0; row < scene.count; row += step)
    if (isDrawable(scene, row) && scene.logitOpacities[row] > LEAST_LOGIT) rows.push(row);
  return rows;
}

function coloursOf(scene: SplatScene, rows: readonly number[]): Pick<UpSample, 'colours' | 'gradients'> {
  const colours = new Float64Array(3 * rows.length);
  rows.forEach((row, i) => colours.set(scene.shDc.subarray(3 * row, 3 * row + 3), 3 * i));
  // Lossy formats round harmonics, by palettes even: what they would tell is finer than that.
  if (scene.shDegree === 0 || scene.meta.format !== 'inria-ply') return { colours, gradients: undefined };
  const width = 3 * shRestCount(scene.shDegree);
  const gradients = new Float64Array(9 * rows.length);
  let isThere = false;
  rows.forEach((row, i) => {
    for (let channel = 0; channel < 3; channel++) {
      // Stored are the harmonics -y, z, -x.
      const [y, z, x] = [0, 1, 2].map((k) => scene.shRest[width * row + 3 * k + channel]);
      const gradient = [-x, -y, z].map((value) => (Number.isFinite(value) ? value : 0));
      gradients.set(gradient, 9 * i + 3 * channel);
      isThere ||= gradient.some((value) => value !== 0);
    }
  });
  return { colours, gradients: isThere ? gradients : undefined };
}

/** The direction of one of a splat's own axes, by its quaternion w, x, y, z. */
function axisOfRotation(quaternion: Float32Array, axis: number): number[] {
  const length = Math.hypot(...quaternion);
  const [w, x, y, z] = Array.from(quaternion, (value) => value / length);
  const rotation = rotationMatrix([w, x, y, z]);
  return [rotation[axis], rotation[3 + axis], rotation[6 + axis]];
}
