import { shRestCount, type SplatScene } from './splat-scene.ts';

/**
 * Natural logarithm of the largest axis scale that is drawn (5e8 world units); above it the projection would overflow
 * 32-bit floats.
 */
export const LARGEST_LOG_SCALE = 20;

/** Stands for whatever has a logarithm or logit of minus infinity, in sums that test for finite numbers. */
const FLOOR = -100;

/**
 * Whether splat `index` can be drawn at all: numbers that mean something, no overflowing scale, a quaternion with a
 * direction. This is the one definition: renderer and CPU twin leave the others out (the INRIA rasteriser would spread
 * NaN over the picture), writers of lossy formats do not write them, and counts count them.
 */
export function isDrawable(scene: SplatScene, index: number): boolean {
  const { positions, logScales, quats, logitOpacities, shDc, shRest } = scene;
  // An infinite logit is an opacity of exactly 0 or 1, which exporters write.
  let sum = Math.max(FLOOR, Math.min(-FLOOR, logitOpacities[index]));
  for (let k = 0; k < 3; k++) {
    const logScale = logScales[index * 3 + k];
    if (logScale > LARGEST_LOG_SCALE) return false;
    // A scale of exactly zero (log of -Infinity) is a flat or thin splat, which the low-pass makes visible.
    sum += positions[index * 3 + k] + Math.max(logScale, FLOOR) + shDc[index * 3 + k];
  }
  let norm = 0;
  for (let k = index * 4; k < index * 4 + 4; k++) norm += quats[k] * quats[k];
  if (!(norm > 0)) return false;
  const restLength = shRestCount(scene.shDegree) * 3;
  for (let k = index * restLength; k < (index + 1) * restLength; k++) sum += shRest[k];
  return Number.isFinite(sum + norm);
}

/** Marks what `isDrawable` accepts: (N) 1 where the splat can be drawn, else 0. */
export function drawableMask(scene: SplatScene): Uint8Array {
  const mask = new Uint8Array(scene.count);
  for (let i = 0; i < scene.count; i++) if (isDrawable(scene, i)) mask[i] = 1;
  return mask;
}

/** Number of splats that can't be drawn, as broken numbers or padding make them. */
export function countUndrawable(scene: SplatScene): number {
  let count = 0;
  for (let i = 0; i < scene.count; i++) if (!isDrawable(scene, i)) count++;
  return count;
}

/** Logistic function in float64: stored opacity logit to opacity 0..1. */
export function opacityOfLogit(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The inverse of `opacityOfLogit`: minus and plus infinity for 0 and 1. */
export function logitOfOpacity(opacity: number): number {
  return Math.log(opacity / (1 - opacity));
}
