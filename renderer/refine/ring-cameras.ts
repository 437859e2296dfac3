import { lookAtWorldToView } from '../core/camera-file.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';

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
const distance = 3;
/** Focal length in sides of a picture. */
const focal = 2.7;

/** Returns the camera of one view of a ring, `size` pixels a side, z up, looking at the centre of the unit cube. */
export function ringCamera(ring: Ring, view: number, size = viewSize): CameraParameters {
  const azimuth = (2 * Math.PI * (view + 0.5)) / viewsPerRing;
  const elevation = (elevations[ring][view % 2] * Math.PI) / 180;
  const horizontal = distance * Math.cos(elevation);
  const worldToView = lookAtWorldToView({
    position: [
      0.5 + horizontal * Math.cos(azimuth),
      0.5 + horizontal * Math.sin(azimuth),
      0.5 + distance * Math.sin(elevation),
    ],
    target: [0.5, 0.5, 0.5],
    up: [0, 0, 1],
    rollDegrees: 0,
  });
  const centre = size / 2;
  return { worldToView, fx: focal * size, fy: focal * size, cx: centre, cy: centre, width: size, height: size };
}
