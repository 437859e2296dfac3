import { SH_C0 } from '../core/splat-scene.ts';
import type { AttributeArrays, AttributeName } from './attributes.ts';
import { attributesOf } from './attributes.ts';

/**
 * Largest residual of each attribute, in the network's units. Places, log-scales, opacity logits and quaternions: twice
 * the largest that any of 1,016,204 splats of 140 training scenes truly needed, which were 0.0416, 0.938, 4.86 and
 * 0.507 (splats as fitted to a capture against the same splats fitted to pictures from everywhere). Harmonics: what
 * takes a colour from black to white.
 */
export const residualBounds = {
  means: 0.083,
  scales: 1.9,
  opacities: 9.7,
  quats: 1,
  features_dc: 1 / SH_C0,
  features_rest: 1 / SH_C0,
} as const satisfies Readonly<Record<AttributeName, number>>;

/** Cuts residuals off, in place, at what the training scenes know; a NaN stays one, as it is reported elsewhere. */
export function boundResiduals(values: AttributeArrays, shDegree: number): void {
  for (const { name } of attributesOf(shDegree)) {
    const [residuals, bound] = [values[name], residualBounds[name]];
    for (let i = 0; i < residuals.length; i++) {
      if (residuals[i] > bound) residuals[i] = bound;
      else if (residuals[i] < -bound) residuals[i] = -bound;
    }
  }
}
