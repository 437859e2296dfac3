import type { CameraParameters } from '../core/camera-parameters.ts';
import { splatSeenAt } from '../core/seen-splat.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { Vec3 } from '../core/vector.ts';

/** The point of the scene that is seen at a pixel, in world units, or undefined where there is nothing. */
export function pickPoint(
  scene: SplatScene,
  camera: CameraParameters,
  pixelX: number,
  pixelY: number,
): Vec3 | undefined {
  return splatSeenAt(scene, camera, pixelX, pixelY)?.point;
}
