import { cameraPosition } from '../core/camera-parameters.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';

type Vector3 = readonly [number, number, number];

/** How sure the picture can be: seen from about there, a step away, or from where no photo was taken. */
export type NoveltyLevel = 'inside' | 'edge' | 'outside';

/** How far the current view is from the captured ones. */
export interface Novelty {
  /** Angle about the scene's centre between the view and the nearest captured camera, or the assumed capture. */
  readonly angleDegrees: number;
  /** Distance from the centre over that of the nearest camera (by angle); undefined without cameras. */
  readonly distanceRatio: number | undefined;
  /** Index of the nearest camera; undefined without cameras. */
  readonly nearest: number | undefined;
  readonly level: NoveltyLevel;
}

/** Up to here a capture's own neighbours are away from each other. */
const INSIDE_DEGREES = 10;
/** From here on SplatFormer's authors see plain 3DGS break (views of 45 degrees and more above captures of up to 15). */
const OUTSIDE_DEGREES = 30;
/** Nearer than half or farther than twice: splats too coarse, or thinner than a pixel. */
const INSIDE_RATIO = 1.5;
const OUTSIDE_RATIO = 3;
/** Captures walk around at eye level: what is assumed where no cameras are known (as SplatFormer's training views). */
export const ASSUMED_ELEVATION_DEGREES = 20;

/**
 * Judges a view by the cameras of the capture.
 * @param eye place of the view, world units
 * @param places of the captured cameras
 * @param centre the scene's middle, about which angles are taken
 */
export function noveltyByCameras(eye: Vector3, places: readonly Vector3[], centre: Vector3): Novelty {
  const view = from(centre, eye);
  let nearest = 0;
  let largestCosine = -Infinity;
  places.forEach((place, index) => {
    const cosine = cosineBetween(view, from(centre, place));
    if (cosine <= largestCosine) return;
    largestCosine = cosine;
    nearest = index;
  });
  const angleDegrees = degrees(Math.acos(Math.min(1, Math.max(-1, largestCosine))));
  const ratio = length(view) / length(from(centre, places[nearest]));
  const distanceRatio = Number.isFinite(ratio) ? ratio : 1;
  return { angleDegrees, distanceRatio, nearest, level: worse(levelOfAngle(angleDegrees), levelOfRatio(distanceRatio)) };
}

/** Judges a view by its height alone: a capture of up to 20 degrees above (or below) the middle is assumed. */
export function noveltyByElevation(elevationDegrees: number): Novelty {
  const angleDegrees = Math.max(0, Math.abs(elevationDegrees) - ASSUMED_ELEVATION_DEGREES);
  return { angleDegrees, distanceRatio: undefined, nearest: undefined, level: levelOfAngle(angleDegrees) };
}

/** Angle of a camera's place above the plane across `up` through `centre`, in degrees. */
export function elevationOf(camera: CameraParameters, centre: Vector3, up: Vector3): number {
  const offset = from(centre, cameraPosition(camera));
  const cosine = cosineBetween(offset, up);
  return degrees(Math.asin(Math.min(1, Math.max(-1, cosine))));
}

function levelOfAngle(angle: number): NoveltyLevel {
  if (angle <= INSIDE_DEGREES) return 'inside';
  return angle <= OUTSIDE_DEGREES ? 'edge' : 'outside';
}

function levelOfRatio(ratio: number): NoveltyLevel {
  const factor = Math.max(ratio, 1 / ratio);
  if (factor <= INSIDE_RATIO) return 'inside';
  return factor <= OUTSIDE_RATIO ? 'edge' : 'outside';
}

const ORDER: readonly NoveltyLevel[] = ['inside', 'edge', 'outside'];

function worse(a: NoveltyLevel, b: NoveltyLevel): NoveltyLevel {
  return ORDER[Math.max(ORDER.indexOf(a), ORDER.indexOf(b))];
}

function from(a: Vector3, b: Vector3): [number, number, number] {
  return [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
}

function length(v: Vector3): number {
  return Math.hypot(...v);
}

/** Cosine of the angle between two vectors; 1 where one of them has no direction. */
function cosineBetween(a: Vector3, b: Vector3): number {
  const product = length(a) * length(b);
  return product === 0 ? 1 : (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / product;
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
