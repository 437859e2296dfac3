import type { CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/reference-render.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { Vec3 } from '../core/vector.ts';

/** A splat counts as hit when its centre lies this close to the pointer, as a share of the picture's height. */
const REACH = 0.012;
const VISIBLE_LOGIT = -1;

/**
 * The nearest visible splat centre under a pixel, beyond the camera's near distance, in world units, or undefined where
 * there is none.
 * Centres within reach are ranked by depth, with a penalty for lying off the pixel.
 */
export function pickPoint(
  scene: SplatScene,
  camera: CameraParameters,
  pixelX: number,
  pixelY: number,
): Vec3 | undefined {
  const { worldToView: m, fx, fy, cx, cy, height, near = NEAR_Z } = camera;
  const reach = Math.max(3, REACH * height);
  const p = scene.positions;
  let best = -1;
  let bestRank = Infinity;
  for (let i = 0; i < scene.count; i += 1) {
    if ((scene.logitOpacities[i] as number) < VISIBLE_LOGIT) continue;
    const x = p[i * 3] as number;
    const y = p[i * 3 + 1] as number;
    const z = p[i * 3 + 2] as number;
    const depth = (m[8] as number) * x + (m[9] as number) * y + (m[10] as number) * z + (m[11] as number);
    if (!(depth > near)) continue;
    const dx =
      (fx * ((m[0] as number) * x + (m[1] as number) * y + (m[2] as number) * z + (m[3] as number))) / depth +
      cx -
      pixelX;
    const dy =
      (fy * ((m[4] as number) * x + (m[5] as number) * y + (m[6] as number) * z + (m[7] as number))) / depth +
      cy -
      pixelY;
    const off = Math.hypot(dx, dy) / reach;
    if (off > 1) continue;
    const rank = depth * (1 + 0.1 * off);
    if (rank < bestRank) {
      bestRank = rank;
      best = i;
    }
  }
  return best < 0 ? undefined : [p[best * 3] as number, p[best * 3 + 1] as number, p[best * 3 + 2] as number];
}
