import { logitOfOpacity } from '../core/drawable.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import type { SplatScene } from '../core/splat-scene.ts';

/** How thick flat splats become, as a natural logarithm of the share of their smaller size: about a thousandth. */
const FLAT_LOG_SHARE = -7;

/** Gives splats of two sizes a third, in place, that makes them sheets: a number that formats and networks take. */
export function flatten({ logScales, count }: SplatScene): void {
  for (let i = 0; i < count; i++)
    logScales[3 * i + 2] = Math.min(logScales[3 * i], logScales[3 * i + 1]) + FLAT_LOG_SHARE;
}

/** Makes coefficients of plain colours from 0 to `most`, in place. */
export function toCoefficients({ shDc }: SplatScene, most: number): void {
  shDc.forEach((colour, i) => (shDc[i] = (colour / most - 0.5) / SH_C0));
}

/**
 * Fuses the smoothing filter of Mip-Splatting (Yu et al. 2024, `create_fused_ply`) into sizes and opacities, in place:
 * variances grow by the filter's, and opacities shrink so that each splat's mass stays.
 * @param filter (N) standard deviations, world units
 */
export function fuseFilter({ logScales, logitOpacities, count }: SplatScene, filter: Float32Array): void {
  for (let i = 0; i < count; i++) {
    const added = filter[i] ** 2;
    if (!(added > 0)) continue;
    let share = 1;
    for (let k = 3 * i; k < 3 * i + 3; k++) {
      const before = Math.exp(2 * logScales[k]);
      share *= before / (before + added);
      logScales[k] = 0.5 * Math.log(before + added);
    }
    const opacity = Math.sqrt(share) / (1 + Math.exp(-logitOpacities[i]));
    logitOpacities[i] = logitOfOpacity(opacity);
  }
}
