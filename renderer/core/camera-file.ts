import { z } from 'zod';
import type { CameraParameters } from './camera-parameters.ts';
import { SplatError } from './errors.ts';

const vector3 = z.tuple([z.number(), z.number(), z.number()]);

/**
 * A camera as a person writes it: where it stands, what it looks at, vertical field of view. File's own axes.
 * A positive roll turns the camera clockwise about its view direction, as seen from behind it.
 */
export const viewpointSchema = z.object({
  position: vector3,
  target: vector3,
  up: vector3,
  rollDegrees: z.number().default(0),
  fovYDegrees: z.number().gt(0).lt(180),
});

export interface Viewpoint {
  readonly position: Vector3;
  readonly target: Vector3;
  readonly up: Vector3;
  readonly rollDegrees: number;
  readonly fovYDegrees: number;
}

/** A calibrated camera: row-major world-to-camera matrix (x right, y down, z forward) and intrinsics in pixels. */
const calibratedCamera = z.object({
  worldToCamera: z.array(z.number()).length(16),
  fx: z.number().positive(),
  fy: z.number().positive(),
  cx: z.number(),
  cy: z.number(),
});

const cameraFile = z.union([viewpointSchema, calibratedCamera]);

type Vector3 = readonly [number, number, number];

/**
 * Reads a camera file's parsed JSON for a picture of `width` x `height` pixels.
 * @throws SplatError `usage` when the JSON has neither of the two forms or describes no view.
 */
export function parseCameraFile(json: unknown, width: number, height: number): CameraParameters {
  const parsed = cameraFile.safeParse(json);
  if (!parsed.success) {
    throw new SplatError(
      'usage',
      'The camera file has neither of the known forms.',
      'Give {"position","target","up","fovYDegrees"} (and "rollDegrees" if wanted) or {"worldToCamera":[16 numbers],"fx","fy","cx","cy"}.',
    );
  }
  const camera = parsed.data;
  if ('worldToCamera' in camera) {
    assertRigid(camera.worldToCamera);
    const { fx, fy, cx, cy } = camera;
    return { worldToView: Float64Array.from(camera.worldToCamera), fx, fy, cx, cy, width, height };
  }
  const focal = height / 2 / Math.tan((camera.fovYDegrees * Math.PI) / 360);
  return {
    worldToView: lookAtWorldToView(camera),
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
  const forward = normalise(
    [target[0] - position[0], target[1] - position[1], target[2] - position[2]],
    'position and target are the same point',
  );
  let side = cross(forward, normalise(up, 'up is the zero vector'));
  // Looking straight along `up` leaves the roll open; any axis not along the view direction settles it.
  if (Math.hypot(...side) < 1e-6) side = cross(forward, Math.abs(forward[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]);
  const level = normalise(side, 'up is parallel to the view direction');
  const right = turn(level, cross(forward, level), (rollDegrees * Math.PI) / 180);
  const down = cross(forward, right);
  const matrix = new Float64Array(16);
  [right, down, forward].forEach((axis, row) => {
    matrix.set(axis, row * 4);
    matrix[row * 4 + 3] = -(axis[0] * position[0] + axis[1] * position[1] + axis[2] * position[2]);
  });
  matrix[15] = 1;
  return matrix;
}

function assertRigid(m: readonly number[]): void {
  const row = (i: number): Vector3 => [m[i * 4] as number, m[i * 4 + 1] as number, m[i * 4 + 2] as number];
  const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const [x, y, z] = [row(0), row(1), row(2)];
  const deviation = Math.max(
    ...[x, y, z].map((a) => Math.abs(dot(a, a) - 1)),
    Math.abs(dot(x, y)),
    Math.abs(dot(y, z)),
    Math.abs(dot(z, x)),
    Math.abs(dot(cross(x, y), z) - 1),
    ...[12, 13, 14].map((i) => Math.abs(m[i] as number)),
    Math.abs((m[15] as number) - 1),
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
function turn(axis: Vector3, other: Vector3, radians: number): [number, number, number] {
  const [c, s] = [Math.cos(radians), Math.sin(radians)];
  return [axis[0] * c + other[0] * s, axis[1] * c + other[1] * s, axis[2] * c + other[2] * s];
}

function cross(a: Vector3, b: Vector3): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalise(v: Vector3, problem: string): [number, number, number] {
  const length = Math.hypot(...v);
  if (length === 0) throw new SplatError('usage', `The camera file describes no view: ${problem}.`);
  return [v[0] / length, v[1] / length, v[2] / length];
}
