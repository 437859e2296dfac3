import type { CameraParameters } from '../core/camera-parameters.ts';
import { splatAt } from '../core/picture-centres.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { vec3, type Vec3 } from '../core/vector.ts';

/**
 * The nearest visible splat centre under a pixel, beyond the camera's near distance, in world units, or undefined where
 * there is none.
 */
export function pickPoint(
  scene: SplatScene,
  camera: CameraParameters,
  pixelX: number,
  pixelY: number,
): Vec3 | undefined {
  const index = splatAt(scene, camera, pixelX, pixelY);
  return index === undefined ? undefined : vec3((k) => scene.positions[index * 3 + k]);
}
