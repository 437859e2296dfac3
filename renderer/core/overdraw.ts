import type { CameraParameters } from './camera-parameters.ts';
import { isDrawable, opacityOfLogit } from './drawable.ts';
import { nearDistanceFor } from './near-distance.ts';
import { SMALLEST_ALPHA } from './reference-render.ts';
import type { SplatScene } from './splat-scene.ts';

/** Largest splats that are looked at one by one, and those that stand for all others. */
const LARGEST = 2048;
const SAMPLES = 2048;
/** Bins of sizes by which the largest splats are found: e-folds of a hundredth. */
const BINS_PER_FOLD = 100;

/** Splats that are looked at, in every frame anew, with what their scales alone give. */
interface Picked {
  readonly rows: Int32Array;
  /** How many splats each of them stands for. */
  readonly weights: Float32Array;
  /** The two largest axes, standard deviations in world units. */
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const known = new WeakMap<SplatScene['logScales'], Picked>();

/**
 * Estimates how many pixels the splats of a scene cover in a camera's picture, counted again for each splat: the work
 * of drawing it. It takes a blink for any number of splats.
 */
export function coveredPixels(scene: SplatScene, camera: CameraParameters): number {
  const { worldToView: v, fx, fy, cx, cy, width, height, near = nearDistanceFor(scene) } = camera;
  const { rows, weights, first, second } = pick(scene);
  const focal = Math.max(fx, fy);
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const at = 3 * rows[i];
    const x = scene.positions[at];
    const y = scene.positions[at + 1];
    const z = scene.positions[at + 2];
    const depth = v[8] * x + v[9] * y + v[10] * z + v[11];
    const opacity = opacityOfLogit(scene.logitOpacities[rows[i]]);
    if (depth <= near || opacity <= SMALLEST_ALPHA) continue;
    const reach = Math.sqrt(2 * Math.log(255 * opacity)) * (focal / depth);
    const half = reach * first[i] + 1;
    const px = (fx * (v[0] * x + v[1] * y + v[2] * z + v[3])) / depth + cx;
    const py = (fy * (v[4] * x + v[5] * y + v[6] * z + v[7])) / depth + cy;
    const box = overlap(px, half, width) * overlap(py, half, height);
    sum += weights[i] * Math.min(box, 4 * half * (reach * second[i] + 1));
  }
  return sum;
}

function pick(scene: SplatScene): Picked {
  const before = known.get(scene.logScales);
  if (before !== undefined) return before;
  const bins = binsOf(scene);
  const least = leastOfLargest(bins);
  const largest: number[] = [];
  const rest: number[] = [];
  bins.forEach((bin, row) => {
    if (bin >= 0) (bin >= least ? largest : rest).push(row);
  });
  const step = Math.max(1, Math.floor(rest.length / SAMPLES));
  const samples = rest.filter((_, i) => i % step === 0);
  const rows = [...largest, ...samples];
  const sizes = rows.map((row) => largestTwo(scene.logScales, 3 * row));
  const picked = {
    rows: Int32Array.from(rows),
    first: Float64Array.from(sizes, ([logSize]) => Math.exp(logSize)),
    second: Float64Array.from(sizes, ([, logSize]) => Math.exp(logSize)),
    weights: Float32Array.from(rows, (_, i) => (i < largest.length ? 1 : rest.length / samples.length)),
  };
  known.set(scene.logScales, picked);
  return picked;
}

/** (N) the bin of each splat's size, -1 where it can't be drawn. */
function binsOf(scene: SplatScene): Int32Array {
  const bins = new Int32Array(scene.count).fill(-1);
  for (let row = 0; row < scene.count; row++) {
    if (!isDrawable(scene, row)) continue;
    const [size] = largestTwo(scene.logScales, 3 * row);
    bins[row] = Math.max(0, Math.round((Math.max(-20, size) + 20) * BINS_PER_FOLD));
  }
  return bins;
}

/** The least bin of those that hold no more than the largest splats. */
function leastOfLargest(bins: Int32Array): number {
  const counts = new Int32Array(40 * BINS_PER_FOLD + 2);
  for (const bin of bins) if (bin >= 0) counts[bin]++;
  let [least, held] = [counts.length, 0];
  while (least > 0 && held + counts[least - 1] <= LARGEST) held += counts[--least];
  return least;
}

function largestTwo(logScales: Float32Array, at: number): [number, number] {
  const [a, b, c] = [logScales[at], logScales[at + 1], logScales[at + 2]];
  const first = Math.max(a, b, c);
  return [first, a === first ? Math.max(b, c) : b === first ? Math.max(a, c) : Math.max(a, b)];
}

/** Length of a run about `middle` within 0 to `size`. */
function overlap(middle: number, half: number, size: number): number {
  return Math.max(0, Math.min(size, middle + half) - Math.max(0, middle - half));
}
