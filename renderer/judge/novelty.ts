import { cameraCentre } from '../core/camera-parameters.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { cosineBetween, subtract, type Vec3 } from '../core/vector.ts';

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
/**
 * From here on SplatFormer's authors see plain 3DGS break (views of 45 degrees and more above captures of up to 15).
 */
const OUTSIDE_DEGREES = 30;
/** Nearer than half or farther than twice: splats too coarse, or thinner than a pixel. */
const INSIDE_RATIO = 1.5;
const OUTSIDE_RATIO = 3;
/** Captures walk around at eye level: what is assumed where no cameras are known (as SplatFormer's training views). */
export const ASSUMED_ELEVATION_DEGREES = 20;

/** (N, 3) camera centres, world units. */
export function cameraCentres(cameras: readonly CameraParameters[]): Float64Array {
  return Float64Array.from(cameras.flatMap(({ worldToView }) => cameraCentre(worldToView)));
}

/**
 * Judges a view by the cameras of the capture. Runs with each frame, so it allocates nothing for each camera.
 * @param eye camera centre of the view, world units
 * @param centres (N, 3) of the captured cameras, at least one
 * @param centre the scene's middle, about which angles are taken
 */
export function noveltyByCameras(eye: Vec3, centres: Float64Array, centre: Vec3): Novelty {
  const [vx, vy, vz] = subtract(eye, centre);
  const distance = Math.hypot(vx, vy, vz);
  let nearest = 0;
  let nearestDistance = 0;
  let largestCosine = -Infinity;
  for (let at = 0; at < centres.length; at += 3) {
    const [x, y, z] = [centres[at] - centre[0], centres[at + 1] - centre[1], centres[at + 2] - centre[2]];
    const product = distance * Math.sqrt(x * x + y * y + z * z);
    // From the middle itself every direction is as good as another.
    const cosine = product === 0 ? 1 : (vx * x + vy * y + vz * z) / product;
    if (cosine <= largestCosine) continue;
    largestCosine = cosine;
    nearest = at / 3;
    nearestDistance = Math.sqrt(x * x + y * y + z * z);
  }
  const angleDegrees = degrees(Math.acos(Math.min(1, Math.max(-1, largestCosine))));
  const ratio = distance / nearestDistance;
  const distanceRatio = Number.isFinite(ratio) ? ratio : 1;
  return {
    angleDegrees,
    distanceRatio,
    nearest,
    level: worse(levelOfAngle(angleDegrees), levelOfRatio(distanceRatio)),
  };
}

/** Judges a view by its height alone: a capture of up to 20 degrees above (or below) the middle is assumed. */
export function noveltyByElevation(elevationDegrees: number): Novelty {
  const angleDegrees = Math.max(0, Math.abs(elevationDegrees) - ASSUMED_ELEVATION_DEGREES);
  return { angleDegrees, distanceRatio: undefined, nearest: undefined, level: levelOfAngle(angleDegrees) };
}

/** Angle of a camera's place above the plane across `up` through `centre`, in degrees. */
export function elevationOf(camera: CameraParameters, centre: Vec3, up: Vec3): number {
  const offset = subtract(cameraCentre(camera.worldToView), centre);
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

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
