import type { PerspectiveCamera, Vector3 } from 'three';
import { MathUtils } from 'three';
import type { CameraParameters } from '../core/camera-parameters.ts';

export type UpAxis = 'y' | '-y' | 'z';

/** Unit direction of an up axis, in the file's own axes. */
export const UP_DIRECTIONS: Record<UpAxis, readonly [number, number, number]> = { y: [0, 1, 0], '-y': [0, -1, 0], z: [0, 0, 1] };

/**
 * The camera of a picture of `width` by `height` pixels, from three's camera (view space x right, y up, z backward).
 * Square pixels; the principal point is the middle of the picture.
 */
export function viewParameters(camera: PerspectiveCamera, width: number, height: number): CameraParameters {
  camera.updateMatrixWorld();
  const e = camera.matrixWorldInverse.elements;
  const worldToView = new Float64Array(16);
  for (let row = 0; row < 3; row += 1) {
    // three stores columns; y and z turn round.
    const sign = row === 0 ? 1 : -1;
    for (let column = 0; column < 4; column += 1) worldToView[row * 4 + column] = sign * (e[column * 4 + row] as number);
  }
  worldToView[15] = 1;
  const focal = height / (2 * Math.tan(MathUtils.degToRad(camera.fov) / 2));
  return { worldToView, fx: focal, fy: focal, cx: width / 2, cy: height / 2, width, height };
}

/** Angle of `offset` (from the looked-at point to the camera) above the plane across `up`, in degrees, -90 to 90. */
export function elevationDegrees(offset: Vector3, up: Vector3): number {
  const length = offset.length();
  return length === 0 ? 0 : MathUtils.radToDeg(Math.asin(MathUtils.clamp(offset.dot(up) / length, -1, 1)));
}

/** Distance at which a sphere of `radius` fills the smaller side of the picture. */
export function framingDistance(radius: number, fovYDegrees: number, aspect: number): number {
  const halfY = MathUtils.degToRad(fovYDegrees) / 2;
  const halfX = Math.atan(Math.tan(halfY) * aspect);
  return radius / Math.sin(Math.min(halfX, halfY));
}
