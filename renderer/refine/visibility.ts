import { SH_C0 } from '../core/splat-scene.ts';
import { column } from './attributes.ts';
import { FragmentRasteriser, visibilitySum } from './fragment-rasteriser.ts';
import { ringCamera, viewsPerRing } from './ring-cameras.ts';

/** Columns that each ring gives, see `visibilityFeatures`. */
const ringColumn = { weight: 0, unoccluded: 1, colour: 2, coverage: 5, depthBehind: 6, width: 7 } as const;
/** Visibility features of a splat: seven columns from each ring. */
export const visibilityWidth = 2 * ringColumn.width;
/** First columns of the colour differences (3) among the visibility features, one for each ring. */
export const visibilityColours = [ringColumn.colour, ringColumn.width + ringColumn.colour] as const;
/** Views that `visibilityFeatures` renders. */
export const visibilityViewCount = 2 * viewsPerRing;

/** Weight in pixels below which the splat's own colour and depth stand for what is seen. */
const priorWeight = 0.01;
/** Unit of depths, in sides of the cube. */
const depthUnit = 0.1;
/** Splats of a usual scene, to whose weights those of sparser and denser scenes are scaled. */
const usualSplats = 12_000;

/**
 * Computes per-splat visibility features, (splats, visibilityWidth): what views around a scene see of every splat. They
 * are inputs of networks trained with `sight`; models/training/visibility.py is the twin.
 *
 * A capture constrains the splats that its pictures show; nothing ever constrained a splat that no low view sees,
 * however it looks from above. From the low ring and then from the high one: log(1 + weight at 12,000 splats), root of
 * the share that is not occluded, colour seen there less the splat's own (units of features_dc, 3), coverage, depth
 * behind what is seen in tenths of the cube.
 * @param features (splats, stride) the network's inputs in the unit cube, z up; harmonics above degree 1 are left out
 * @param beforeView awaited before each view, with how many are done
 */
export async function visibilityFeatures(
  features: Float32Array,
  stride: number,
  beforeView: (done: number) => Promise<void>,
): Promise<Float32Array> {
  const splats = features.length / stride;
  const out = new Float32Array(splats * visibilityWidth);
  const rasteriser = new FragmentRasteriser(features, stride);
  for (const [index, ring] of (['low', 'high'] as const).entries()) {
    const sums = new Float32Array(splats * visibilitySum.width);
    for (let view = 0; view < viewsPerRing; view++) {
      await beforeView(index * viewsPerRing + view);
      rasteriser.accumulateVisibility(ringCamera(ring, view), sums);
    }
    writeRing(features, stride, sums, out, index * ringColumn.width);
  }
  return out;
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
