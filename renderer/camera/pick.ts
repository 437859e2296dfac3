import type { CameraParameters } from '../core/camera-parameters.ts';
import { nearDistanceFor } from '../core/near-distance.ts';
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
  const { worldToView: m, fx, fy, cx, cy, height, near = nearDistanceFor(scene) } = camera;
  const reach = Math.max(3, REACH * height);
  const p = scene.positions;
  let best = -1;
  let bestRank = Infinity;
  for (let i = 0; i < scene.count; i += 1) {
    if (scene.logitOpacities[i] < VISIBLE_LOGIT) continue;
    const x = p[i * 3];
    const y = p[i * 3 + 1];
    const z = p[i * 3 + 2];
    const depth = m[8] * x + m[9] * y + m[10] * z + m[11];
    if (!(depth > near)) continue;
    const dx = (fx * (m[0] * x + m[1] * y + m[2] * z + m[3])) / depth + cx - pixelX;
    const dy = (fy * (m[4] * x + m[5] * y + m[6] * z + m[7])) / depth + cy - pixelY;
    const off = Math.hypot(dx, dy) / reach;
    if (off > 1) continue;
    const rank = depth * (1 + 0.1 * off);
    if (rank < bestRank) {
      bestRank = rank;
      best = i;
    }
  }
  return best < 0 ? undefined : [p[best * 3], p[best * 3 + 1], p[best * 3 + 2]];
}
