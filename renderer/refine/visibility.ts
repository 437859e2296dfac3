import type { CameraParameters } from '../core/camera-parameters.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import { column } from './attributes.ts';
import { FragmentRasteriser, visibilitySum } from './fragment-rasteriser.ts';
import { ringCameras, viewsPerRing } from './ring-cameras.ts';

/** Columns that each ring gives, see `visibilityFeatures`. */
const ringColumn = { weight: 0, unoccluded: 1, colour: 2, coverage: 5, depthBehind: 6, width: 7 } as const;
/** Visibility features of a splat: seven columns from the low views, seven from the high ring. */
export const visibilityWidth = 2 * ringColumn.width;
/** First columns of the colour differences (3) among the visibility features, one for each ring. */
export const visibilityColours = [ringColumn.colour, ringColumn.width + ringColumn.colour] as const;

/** Weight in pixels below which the splat's own colour and depth stand for what is seen. */
const priorWeight = 0.01;
/** Unit of depths, in sides of the cube. */
const depthUnit = 0.1;
/** Splats of a usual scene, to whose weights those of sparser and denser scenes are scaled. */
const usualSplats = 12_000;

/** Views of a capture, and what they show. */
export interface CaptureViews {
  /** In the unit cube, z up; no more than `viewsPerRing`, and counted for as many. */
  readonly cameras: readonly CameraParameters[];
  /** (drawn, stride) everything that is drawn, surroundings too: they hide from a camera what they hid from it. */
  readonly features: Float32Array;
  readonly stride: number;
  /** (splats) which of the drawn splats each of the scene's is. */
  readonly places: Int32Array;
}

/**
 * Computes per-splat visibility features, (splats, visibilityWidth): what views around a scene see of every splat. They
 * are inputs of networks trained with `sight`; models/training/visibility.py is the twin.
 *
 * A capture constrains the splats that its pictures show; nothing ever constrained a splat that no low view sees,
 * however it looks from above. From the low views and then from the high ring: log(1 + weight at 12,000 splats), root
 * of the share that is not occluded, colour seen there less the splat's own (units of features_dc, 3), coverage, depth
 * behind what is seen in tenths of the cube.
 * @param features (splats, stride) the network's inputs in the unit cube, z up; harmonics above degree 1 are left out
 * @param capture the low views; null: the low ring, and the scene alone in it
 * @param beforeView awaited before each view, with the share that is done
 */
export async function visibilityFeatures(
  features: Float32Array,
  stride: number,
  capture: CaptureViews | null,
  beforeView: (share: number) => Promise<void>,
): Promise<Float32Array> {
  const splats = features.length / stride;
  const out = new Float32Array(splats * visibilityWidth);
  const low = capture?.cameras ?? ringCameras('low');
  const high = ringCameras('high');
  const views = low.length + high.length;
  const alone = new FragmentRasteriser(features, stride);
  const seenLow = capture === null ? alone : new FragmentRasteriser(capture.features, capture.stride);
  const lowSums = await sumsOf(seenLow, low, (done) => beforeView(done / views));
  writeRing(features, stride, capture === null ? lowSums : ofPlaces(lowSums, capture), out, 0);
  const highSums = await sumsOf(alone, high, (done) => beforeView((low.length + done) / views));
  writeRing(features, stride, highSums, out, ringColumn.width);
  return out;
}

/** (splats, visibilitySum.width) what all cameras see of what a rasteriser draws. */
async function sumsOf(
  rasteriser: FragmentRasteriser,
  cameras: readonly CameraParameters[],
  beforeView: (done: number) => Promise<void>,
): Promise<Float32Array> {
  const sums = new Float32Array(rasteriser.splats * visibilitySum.width);
  for (const [done, camera] of cameras.entries()) {
    await beforeView(done);
    rasteriser.accumulateVisibility(camera, sums);
  }
  return sums;
}

/** (splats, visibilitySum.width) of sums over all that is drawn the scene's own, as if a whole ring had looked. */
function ofPlaces(drawn: Float32Array, { cameras, places }: CaptureViews): Float32Array {
  const { width } = visibilitySum;
  const factor = viewsPerRing / cameras.length;
  const sums = new Float32Array(places.length * width);
  for (let i = 0; i < places.length; i++)
    for (let k = 0; k < width; k++) sums[i * width + k] = drawn[places[i] * width + k] * factor;
  return sums;
}

/** Logarithm of the low views' weight from which a splat counts as fully observed. */
const fullyObserved = 3;

/**
 * Computes the observation weight of each splat, (splats) 0..1: how firmly the low views constrain it, by its
 * visibility features. What no view observes may be changed on weaker evidence.
 */
export function observationWeights(visibility: Float32Array): Float32Array {
  return Float32Array.from({ length: visibility.length / visibilityWidth }, (_, i) =>
    Math.min(1, visibility[i * visibilityWidth + ringColumn.weight] / fullyObserved),
  );
}

/** Writes one ring's columns, from `offset` on. @param sums (splats, visibilitySum.width) */
function writeRing(
  features: Float32Array,
  stride: number,
  sums: Float32Array,
  out: Float32Array,
  offset: number,
): void {
  const splats = features.length / stride;
  for (let i = 0; i < splats; i++) {
    const from = i * visibilitySum.width;
    const to = i * visibilityWidth + offset;
    const weight = sums[from + visibilitySum.weight];
    const total = weight + priorWeight;
    out[to + ringColumn.weight] = Math.log1p(weight * (splats / usualSplats));
    out[to + ringColumn.unoccluded] = Math.sqrt(weight / (sums[from + visibilitySum.unoccluded] + priorWeight));
    for (let k = 0; k < 3; k++) {
      const colour = 0.5 + SH_C0 * features[i * stride + column.features_dc + k];
      const seen = (sums[from + visibilitySum.colour + k] + priorWeight * colour) / total;
      out[to + ringColumn.colour + k] = (seen - colour) / SH_C0;
    }
    out[to + ringColumn.coverage] = sums[from + visibilitySum.coverage] / total;
    out[to + ringColumn.depthBehind] = sums[from + visibilitySum.depthBehind] / total / depthUnit;
  }
}
