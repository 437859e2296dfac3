import type { CameraParameters } from '../core/camera-parameters.ts';
import type { Vec3 } from '../core/vector.ts';
import { dot, vec3 } from '../core/vector.ts';
import type { Up } from './canonical-frame.ts';
import { toCanonical } from './canonical-frame.ts';
import type { Normalization } from './features.ts';

/** Longest side in pixels at which a captured view is drawn as evidence. */
const longestSide = 128;
/** Captured views that are drawn, spread over all that there are. */
const mostViews = 24;

/**
 * The cameras of a capture as the network's units have them, evenly thinned out and made small.
 * @param cameras in the scene's own axes and world units, without lens distortion
 * @param up the axis that the canonical frame takes to z
 */
export function canonicalCameras(
  cameras: readonly CameraParameters[],
  up: Up,
  normalization: Normalization,
): CameraParameters[] {
  const step = Math.max(1, cameras.length / mostViews);
  const count = Math.min(cameras.length, mostViews);
  return Array.from({ length: count }, (_, i) => canonicalCamera(cameras[Math.floor(i * step)], up, normalization));
}

/**
 * A point p of the scene is q = scale T p + shift in the network's units; so R p + t times the scale, which moves no
 * pixel, is (R T') q + (scale t - R T' shift).
 */
function canonicalCamera(camera: CameraParameters, up: Up, { scale, shift }: Normalization): CameraParameters {
  const worldToView = new Float64Array(16);
  for (let row = 0; row < 3; row++) {
    const m = camera.worldToView;
    const axis: Vec3 = toCanonical(
      vec3((k) => m[4 * row + k]),
      up,
    );
    worldToView.set([...axis, scale * m[4 * row + 3] - dot(axis, shift)], 4 * row);
  }
  worldToView[15] = 1;
  const factor = Math.min(1, longestSide / Math.max(camera.width, camera.height));
  const [width, height] = [camera.width, camera.height].map((side) => Math.max(1, Math.round(side * factor)));
  const [x, y] = [width / camera.width, height / camera.height];
  return { worldToView, fx: camera.fx * x, fy: camera.fy * y, cx: camera.cx * x, cy: camera.cy * y, width, height };
}
