import { opacityOfLogit } from '../core/drawable.ts';
import { column } from './attributes.ts';
import { viewSize } from './ring-cameras.ts';

/** Pixels that a usual splat takes in a picture that shows what it holds, as those of training scenes do in theirs. */
const usualExtent = 1.4;
/** Pixels of a ring's view that the unit cube's side takes, in sides of the view. */
const cubeShare = 0.9;
/** Most pixels a side: pictures twice as fine as the usual ones cost four times as much. */
const largestSize = 2 * viewSize;
/** Enough splats for a stable median, few enough to sort in a blink. */
const mostSamples = 20_000;

/**
 * Chooses how many pixels a side a view of the unit cube takes to show what a scene holds, so that splats which are
 * finer on the screen are looked at more closely: from the usual size on, up to twice as many.
 * @param features (splats, stride) in the unit cube
 */
export function pictureSizeFor(features: Float32Array, stride: number): number {
  const splats = features.length / stride;
  const step = Math.max(1, Math.ceil(splats / mostSamples));
  const sampled: { readonly extent: number; readonly opacity: number }[] = [];
  let total = 0;
  for (let i = 0; i < splats; i += step) {
    const at = i * stride;
    const [, middle, largest] = features.slice(at + column.scales, at + column.scales + 3).sort();
    const opacity = opacityOfLogit(features[at + column.opacities]);
    sampled.push({ extent: Math.exp((middle + largest) / 2), opacity });
    total += opacity;
  }
  sampled.sort((a, b) => a.extent - b.extent);
  let left = total / 2;
  const median = sampled.find(({ opacity }) => (left -= opacity) <= 0)?.extent ?? 0;
  const size = Math.round(usualExtent / (cubeShare * median));
  return Math.min(largestSize, Math.max(viewSize, size));
}
