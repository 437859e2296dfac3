import type { CameraParameters } from './camera-parameters.ts';
import { nearDistanceFor } from './near-distance.ts';
import type { SplatScene } from './splat-scene.ts';

/** Splats that are fainter than this (opacity 0.27) can't be told from nothing. */
const VISIBLE_LOGIT = -1;
/** A splat counts as hit when its centre lies this close to the pointer, as a share of the picture's height. */
const REACH = 0.012;

/**
 * Calls `visit` with where in the picture the centre of each splat beyond the camera's near distance is seen: pixels
 * from the top left, and depth in world units.
 */
export function visitCentres(
  scene: SplatScene,
  { worldToView: m, fx, fy, cx, cy, near = nearDistanceFor(scene) }: CameraParameters,
  visit: (index: number, x: number, y: number, depth: number) => void,
): void {
  const { count, positions: p } = scene;
  for (let i = 0; i < count; i += 1) {
    const x = p[3 * i];
    const y = p[3 * i + 1];
    const z = p[3 * i + 2];
    const depth = m[8] * x + m[9] * y + m[10] * z + m[11];
    // A NaN compares false, so a splat without a place is never seen.
    if (!(depth > near)) continue;
    const right = (fx * (m[0] * x + m[1] * y + m[2] * z + m[3])) / depth + cx;
    visit(i, right, (fy * (m[4] * x + m[5] * y + m[6] * z + m[7])) / depth + cy, depth);
  }
}

/**
 * The nearest visible splat whose centre is seen at a pixel, or undefined where there is none. Centres within reach are
 * ranked by depth, with a penalty for lying off the pixel.
 */
export function splatAt(
  scene: SplatScene,
  camera: CameraParameters,
  pixelX: number,
  pixelY: number,
): number | undefined {
  const reach = Math.max(3, REACH * camera.height);
  let best: number | undefined;
  let bestRank = Infinity;
  visitCentres(scene, camera, (index, x, y, depth) => {
    const off = Math.hypot(x - pixelX, y - pixelY) / reach;
    const rank = depth * (1 + 0.1 * off);
    if (off > 1 || rank >= bestRank || scene.logitOpacities[index] < VISIBLE_LOGIT) return;
    best = index;
    bestRank = rank;
  });
  return best;
}
