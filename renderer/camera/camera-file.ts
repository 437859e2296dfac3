import { z } from 'zod';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError } from '../core/errors.ts';

const vector = z.tuple([z.number(), z.number(), z.number()]);

/** A camera as people write it, in the scene file's own axes. */
const cameraFileSchema = z.union([
  z.strictObject({ position: vector, target: vector, up: vector, fovYDegrees: z.number().gt(0).lt(180) }),
  z.strictObject({ worldToCamera: z.array(z.number()).length(16), fx: z.number().positive(), fy: z.number().positive(), cx: z.number(), cy: z.number() }),
]);

type Vector = readonly [number, number, number];

/** Turns a camera file's JSON value into the camera of a picture of `width` by `height` pixels. Throws `usage`. */
export function cameraFromFile(value: unknown, width: number, height: number): CameraParameters {
  const checked = cameraFileSchema.safeParse(value);
  if (!checked.success) {
    throw new SplatError(
      'usage',
      'The camera file has neither form that is understood.',
      'Write {"position":[x,y,z],"target":[x,y,z],"up":[x,y,z],"fovYDegrees":n} or {"worldToCamera":[16 numbers],"fx":n,"fy":n,"cx":n,"cy":n}.',
    );
  }
  const camera = checked.data;
  if ('worldToCamera' in camera) {
    const { worldToCamera, fx, fy, cx, cy } = camera;
    return { worldToView: Float64Array.from(worldToCamera), fx, fy, cx, cy, width, height };
  }
  return lookAt(camera.position, camera.target, camera.up, (camera.fovYDegrees * Math.PI) / 180, width, height);
}

/**
 * A camera at `position` looking at `target`, its picture's top towards `up`; square pixels, principal point in the middle.
 * Throws `usage` where the three leave the direction open.
 */
export function lookAt(position: Vector, target: Vector, up: Vector, fovYRadians: number, width: number, height: number): CameraParameters {
  const forward = unit(subtract(target, position));
  const right = unit(cross(forward, up));
  const down = cross(forward, right);
  const rows = [right, down, forward];
  const worldToView = new Float64Array(16);
  rows.forEach((row, index) => worldToView.set([...row, -dot(row, position)], index * 4));
  worldToView[15] = 1;
  const focal = height / (2 * Math.tan(fovYRadians / 2));
  return { worldToView, fx: focal, fy: focal, cx: width / 2, cy: height / 2, width, height };
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function unit(a: Vector): Vector {
  const length = Math.hypot(...a);
  if (length < 1e-12) throw new SplatError('usage', 'The camera has no direction.', 'Its target must differ from its position, and up must not point along the view.');
  return [a[0] / length, a[1] / length, a[2] / length];
}
