import { z } from 'zod';
import type { CameraParameters } from './camera-parameters.ts';
import { rigidWorldToView } from './camera-parameters.ts';
import { SplatError } from './errors.ts';
import { checkJson } from './json.ts';
import { listOf } from './list-of.ts';
import { add, cross, norm, normalise, rotationError, scale, subtract, vec3, type Vec3 } from './vector.ts';

/** World units from the origin beyond which nothing can be placed: splats' own numbers have 7 digits. */
const FARTHEST = 1e12;

/** A place or direction in a file. */
export const vector3Schema = z.tuple([coordinate(), coordinate(), coordinate()]);

/** Numbers so large that arithmetic with them overflows describe nothing. */
function coordinate() {
  return z.number().min(-FARTHEST).max(FARTHEST);
}

/**
 * A camera as a person writes it: where it stands, what it looks at, vertical field of view. File's own axes.
 * A positive roll turns the camera clockwise about its view direction, as seen from behind it.
 */
export const viewpointSchema = z.object({
  position: vector3Schema,
  target: vector3Schema,
  up: vector3Schema,
  rollDegrees: coordinate().default(0),
  fovYDegrees: z.number().min(1e-3).lt(180),
});

export interface Viewpoint {
  readonly position: Vec3;
  readonly target: Vec3;
  readonly up: Vec3;
  readonly rollDegrees: number;
  readonly fovYDegrees: number;
}

/** A calibrated camera: row-major world-to-camera matrix (x right, y down, z forward) and intrinsics in pixels. */
const calibratedCamera = z.object({
  worldToCamera: listOf(coordinate(), { min: 16, max: 16 }),
  fx: coordinate().positive(),
  fy: coordinate().positive(),
  cx: coordinate(),
  cy: coordinate(),
});

/** A camera file, for the words of what is wrong with it. */
export const CAMERA_FILE = {
  name: 'The camera file',
  what: 'one camera',
  advice:
    'Give {"position","target","up","fovYDegrees"} (and "rollDegrees" if wanted) ' +
    'or {"worldToCamera":[16 numbers],"fx","fy","cx","cy"}.',
  code: 'usage',
} as const;

/**
 * Reads a camera file's parsed JSON for a picture of `width` x `height` pixels.
 * @throws SplatError `usage` when the JSON has neither of the two forms or describes no view.
 */
export function parseCameraFile(json: unknown, width: number, height: number): CameraParameters {
  const isCalibrated = typeof json === 'object' && json !== null && 'worldToCamera' in json;
  if (!isCalibrated) return viewpointCamera(checkJson(CAMERA_FILE, json, viewpointSchema), width, height);
  const { worldToCamera, fx, fy, cx, cy } = checkJson(CAMERA_FILE, json, calibratedCamera);
  assertRigid(worldToCamera);
  return { worldToView: Float64Array.from(worldToCamera), fx, fy, cx, cy, width, height };
}

/**
 * The camera of a viewpoint for a picture of `width` x `height` pixels.
 * @throws SplatError `usage` where it describes no view
 */
export function viewpointCamera(viewpoint: Viewpoint, width: number, height: number): CameraParameters {
  const focal = height / 2 / Math.tan((viewpoint.fovYDegrees * Math.PI) / 360);
  return {
    worldToView: lookAtWorldToView(viewpoint),
    fx: focal,
    fy: focal,
    cx: width / 2,
    cy: height / 2,
    width,
    height,
  };
}

/**
 * (16) row-major world-to-view matrix of a camera at `position` looking at `target`; x right, y down, z forward.
 * @throws SplatError `usage` where that is no view: both are one point, or `up` is zero
 */
export function lookAtWorldToView({ position, target, up, rollDegrees }: Omit<Viewpoint, 'fovYDegrees'>): Float64Array {
  const forward = direction(subtract(target, position), 'position and target are the same point');
  let side = cross(forward, direction(up, 'up is the zero vector'));
  // Looking straight along `up` leaves the roll open; any axis not along the view direction settles it.
  if (norm(side) < 1e-6) side = cross(forward, Math.abs(forward[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]);
  const level = direction(side, 'up is parallel to the view direction');
  const right = turn(level, cross(forward, level), (rollDegrees * Math.PI) / 180);
  return rigidWorldToView([right, cross(forward, right), forward], position);
}

function assertRigid(m: readonly number[]): void {
  const row = (i: number): Vec3 => vec3((k) => m[i * 4 + k]);
  const deviation = Math.max(
    rotationError(row(0), row(1), row(2)),
    ...[12, 13, 14].map((i) => Math.abs(m[i])),
    Math.abs(m[15] - 1),
  );
  if (deviation > 1e-3) {
    throw new SplatError(
      'usage',
      "The camera file's worldToCamera is not a rotation and a translation.",
      'Give a rigid row-major matrix: x right, y down, z forward, last row 0 0 0 1.',
    );
  }
}

/** `axis` turned by an angle towards `other`, both unit and at right angles. */
function turn(axis: Vec3, other: Vec3, radians: number): Vec3 {
  return add(scale(axis, Math.cos(radians)), scale(other, Math.sin(radians)));
}

/** The unit vector along `v`. Throws `usage` with `problem` where there is none. */
function direction(v: Vec3, problem: string): Vec3 {
  const unit = normalise(v);
  if (!unit.every(Number.isFinite))
    throw new SplatError('usage', `The camera file describes no view: ${problem}.`, CAMERA_FILE.advice);
  return unit;
}
