import type { CameraParameters } from './camera-parameters.ts';
import { nearDistanceFor } from './near-distance.ts';
import type { SplatScene } from './splat-scene.ts';

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
