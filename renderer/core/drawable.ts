import { shRestCount, type SplatScene } from './splat-scene.ts';

/**
 * Natural logarithm of the largest axis scale that is drawn (5e8 world units); above it the projection would overflow
 * 32-bit floats.
 */
export const LARGEST_LOG_SCALE = 20;

/**
 * Whether splat `index` can be drawn at all: every number finite, no overflowing scale, a quaternion with a direction.
 * Renderer and CPU twin both leave the others out, where the INRIA rasteriser would spread NaN over the picture.
 */
export function isDrawable(scene: SplatScene, index: number): boolean {
  const { positions, logScales, quats, logitOpacities, shDc, shRest } = scene;
  let sum = logitOpacities[index];
  for (let k = 0; k < 3; k++) {
    const logScale = logScales[index * 3 + k];
    if (logScale > LARGEST_LOG_SCALE) return false;
    // A scale of exactly zero (log of -Infinity) is a flat or thin splat, which the low-pass makes visible.
    sum += positions[index * 3 + k] + Math.max(logScale, -100) + shDc[index * 3 + k];
  }
  let norm = 0;
  for (let k = index * 4; k < index * 4 + 4; k++) norm += quats[k] * quats[k];
  if (!(norm > 0)) return false;
  const restLength = shRestCount(scene.shDegree) * 3;
  for (let k = index * restLength; k < (index + 1) * restLength; k++) sum += shRest[k];
  return Number.isFinite(sum + norm);
}

/** Logistic function in float64: stored opacity logit to opacity 0..1. */
export function opacityOfLogit(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
