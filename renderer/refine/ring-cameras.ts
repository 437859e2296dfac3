import { lookAtWorldToView } from '../core/camera-file.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';
import type { Vec3 } from '../core/vector.ts';
import { add, scale } from '../core/vector.ts';

/**
 * Elevations of the rings of views around the unit cube, in degrees, by turns. `low` is about where captures stand,
 * `consistency` a little above it (what lies flat is seen better from there), `high` above the scene.
 */
const elevations = { low: [4, 12], consistency: [5, 17], high: [60, 82] } as const;
export type Ring = keyof typeof elevations;

export const viewsPerRing = 12;
/** Pixels a side of a view. */
export const viewSize = 128;
/** From the centre of the cube, in its sides. */
const ringDistance = 3;
/** Focal length in sides of a picture. */
const ringFocal = 2.7;
/** Height of a direction from which another axis than z is up in the picture. */
const straightDown = 0.999;

/** Returns the camera of one view of a ring, `size` pixels a side. */
export function ringCamera(ring: Ring, view: number, size = viewSize): CameraParameters {
  const azimuth = (2 * Math.PI * (view + 0.5)) / viewsPerRing;
  const elevation = (elevations[ring][view % 2] * Math.PI) / 180;
  const level = Math.cos(elevation);
  return cubeCamera([level * Math.cos(azimuth), level * Math.sin(azimuth), Math.sin(elevation)], ringDistance, size);
}

/** Returns the cameras of a ring. */
export function ringCameras(ring: Ring): CameraParameters[] {
  return Array.from({ length: viewsPerRing }, (_, view) => ringCamera(ring, view));
}

/**
 * Returns a camera that looks at the centre of the unit cube, z up, `size` pixels a side. The cube is as large in its
 * picture as in a ring's, from every distance.
 * @param direction unit vector from the centre to the camera
 * @param distance in sides of the cube
 */
export function cubeCamera(direction: Vec3, distance: number, size = viewSize): CameraParameters {
  const target: Vec3 = [0.5, 0.5, 0.5];
  const up: Vec3 = Math.abs(direction[2]) < straightDown ? [0, 0, 1] : [0, 1, 0];
  const position = add(target, scale(direction, distance));
  const worldToView = lookAtWorldToView({ position, target, up, rollDegrees: 0 });
  const focal = (ringFocal / ringDistance) * distance * size;
  const centre = size / 2;
  return { worldToView, fx: focal, fy: focal, cx: centre, cy: centre, width: size, height: size };
}
