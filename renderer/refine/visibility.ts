import { SH_C0 } from '../core/splat-scene.ts';
import { sumsWidth, FragmentRasteriser } from './fragment-rasteriser.ts';
import { ringCamera, viewsPerRing } from './ring-cameras.ts';

/** Numbers a splat that `visibilityFeatures` finds: seven from each ring. */
export const visibilityWidth = 14;
const groupWidth = visibilityWidth / 2;
/** Where the numbers of each ring begin; colours stand third to fifth. */
export const visibilityRingOffsets = [0, groupWidth] as const;

/** Weight in pixels below which a splat's own colour and depth stand for what is seen. */
const faint = 0.01;
const depthUnit = 0.1;
const usualSplats = 12_000;

/** Views that `visibilityFeatures` takes. */
export const visibilityViewCount = 2 * viewsPerRing;

/**
 * What views around a scene see of every splat, (splats, 14): inputs of networks trained with `sight`,
 * models/training/sight.py's twin.
 * A capture holds the splats that its pictures show; a splat that no low view sees was never held by anything, however
 * it looks from above.
 * From the low ring and then from the high one: log(1 + weight at 12,000 splats), root of the share that is not hidden,
 * colour seen there less the
 * splat's own (units of features_dc, 3), coverage, depth behind what is seen in tenths of the cube.
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
  const gatherer = new FragmentRasteriser(features, stride);
  for (const [group, ring] of (['low', 'high'] as const).entries()) {
    const sums = new Float32Array(splats * sumsWidth);
    for (let view = 0; view < viewsPerRing; view++) {
      await beforeView(group * viewsPerRing + view);
      gatherer.add(ringCamera(ring, view), sums);
    }
    writeGroup(features, stride, sums, out, visibilityRingOffsets[group]);
  }
  return out;
}

/** Logarithm of the low views' weight from which a splat counts as held by the capture. */
const wholeHold = 3;

/**
 * (splats) 0..1: how firmly the low views hold each splat, by what `visibilityFeatures` found. What nothing holds may be changed
 * on a weaker word.
 */
export function observationWeights(sight: Float32Array): Float32Array {
  return Float32Array.from({ length: sight.length / visibilityWidth }, (_, i) =>
    Math.min(1, sight[i * visibilityWidth] / wholeHold),
  );
}

/** @param sums (splats, 7) of `FragmentRasteriser.add` */
function writeGroup(
  features: Float32Array,
  stride: number,
  sums: Float32Array,
  out: Float32Array,
  offset: number,
): void {
  const splats = features.length / stride;
  for (let i = 0; i < splats; i++) {
    const from = i * sumsWidth;
    const to = i * visibilityWidth + offset;
    const weight = sums[from];
    const seen = weight + faint;
    out[to] = Math.log1p(weight * (splats / usualSplats));
    out[to + 1] = Math.sqrt(weight / (sums[from + 6] + faint));
    for (let k = 0; k < 3; k++) {
      const own = 0.5 + SH_C0 * features[i * stride + 11 + k];
      out[to + 2 + k] = ((sums[from + 1 + k] + faint * own) / seen - own) / SH_C0;
    }
    out[to + 5] = sums[from + 4] / seen;
    out[to + 6] = sums[from + 5] / seen / depthUnit;
  }
}
