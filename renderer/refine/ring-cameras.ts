import { lookAtWorldToView } from '../core/camera-file.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';

/**
 * Elevations of the rings of views around the unit cube, in degrees, by turns: about where captures stand (a little
 * higher for what is kept, as what lies flat is seen better from there), and above them.
 */
const rings = { low: [4, 12], consistency: [5, 17], high: [60, 82] } as const;
type Ring = keyof typeof rings;

/** Views of a ring. */
export const viewsPerRing = 12;
/** Pixels a side of a view. */
export const viewSize = 128;
const distance = 3;
const focal = 2.7 * viewSize;

/** One of the views of a ring, z up. */
export function ringCamera(ring: Ring, view: number): CameraParameters {
  const azimuth = (2 * Math.PI * (view + 0.5)) / viewsPerRing;
  const elevation = (rings[ring][view % 2] * Math.PI) / 180;
  const level = distance * Math.cos(elevation);
  const position = [
    0.5 + level * Math.cos(azimuth),
    0.5 + level * Math.sin(azimuth),
    0.5 + distance * Math.sin(elevation),
  ] as const;
  const worldToView = lookAtWorldToView({
    position: [...position],
    target: [0.5, 0.5, 0.5],
    up: [0, 0, 1],
    rollDegrees: 0,
  });
  return { worldToView, fx: focal, fy: focal, cx: viewSize / 2, cy: viewSize / 2, width: viewSize, height: viewSize };
}
