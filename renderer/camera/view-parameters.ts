import type { PerspectiveCamera, Vector3 } from 'three';
import { MathUtils } from 'three';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/near-distance.ts';

/** From slightly above a scene is looked at first. */
export const FIRST_ELEVATION_DEGREES = 15;

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
    for (let column = 0; column < 4; column += 1) worldToView[row * 4 + column] = sign * e[column * 4 + row];
  }
  worldToView[15] = 1;
  const focal = height / (2 * Math.tan(MathUtils.degToRad(camera.fov) / 2));
  return { worldToView, fx: focal, fy: focal, cx: width / 2, cy: height / 2, width, height };
}

/** The viewer's near distance at most, as a share of the scene's radius and of the distance to what is looked at. */
const NEAR_RADII = 0.02;
const NEAR_SHARE_OF_TARGET = 0.1;
/** And at least: the sort tells depths apart up to 4e9 near distances, so up to 4e4 radii. */
const LEAST_NEAR_RADII = 1e-5;

/**
 * The near distance of the viewer's cameras: INRIA's 0.2 world units, less in small scenes and close to their details,
 * so that what is looked at is never cut away. World units.
 */
export function nearDistance(sceneRadius: number, targetDistance: number): number {
  const close = Math.max(NEAR_SHARE_OF_TARGET * targetDistance, LEAST_NEAR_RADII * sceneRadius);
  return Math.min(NEAR_Z, NEAR_RADII * sceneRadius, close);
}

/** Angle of `offset` (from the looked-at point to the camera) above the plane across `up`, in degrees, -90 to 90. */
export function elevationDegrees(offset: Vector3, up: Vector3): number {
  const length = offset.length();
  return length === 0 ? 0 : MathUtils.radToDeg(Math.asin(MathUtils.clamp(offset.dot(up) / length, -1, 1)));
}

/** The vertical field of view, in degrees, that a picture of `fovYDegrees` has on a share of its height. */
export function fovOfShare(fovYDegrees: number, share: number): number {
  return 2 * MathUtils.radToDeg(Math.atan(share * Math.tan(MathUtils.degToRad(fovYDegrees) / 2)));
}

/** Distance at which a sphere of `radius` fills the smaller side of the picture. */
export function framingDistance(radius: number, fovYDegrees: number, aspect: number): number {
  const halfY = MathUtils.degToRad(fovYDegrees) / 2;
  const halfX = Math.atan(Math.tan(halfY) * aspect);
  return radius / Math.sin(Math.min(halfX, halfY));
}
