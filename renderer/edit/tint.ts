import { logitOfOpacity } from '../core/drawable.ts';
import { SH_C0, type SplatScene } from '../core/splat-scene.ts';
import type { Rgb } from '../core/vector.ts';
import type { SplatMask } from './selection.ts';

/** Marked splats are drawn with this opacity at least: faint haze that is marked would not be seen for what it is. */
const LEAST_LOGIT = logitOfOpacity(0.2);

/**
 * The scene with the marked splats drawn towards one colour, so that they can be seen in the view, however faint they
 * are. Shares all arrays but the degree-0 colours and the opacities: what changes with the direction stays on top of
 * the tint.
 * @param rgb 0..1
 * @param share how much of the splat's own colour the tint takes away, 0..1
 */
export function tintScene(scene: SplatScene, mask: SplatMask, rgb: Rgb, share = 0.8): SplatScene {
  const shDc = scene.shDc.slice();
  const logitOpacities = scene.logitOpacities.slice();
  for (let i = 0; i < scene.count; i++) {
    if (mask[i] === 0) continue;
    for (let k = 0; k < 3; k++) shDc[3 * i + k] = (1 - share) * shDc[3 * i + k] + (share * (rgb[k] - 0.5)) / SH_C0;
    logitOpacities[i] = Math.max(logitOpacities[i], LEAST_LOGIT);
  }
  return { ...scene, shDc, logitOpacities };
}
