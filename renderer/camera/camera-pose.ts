import { MathUtils, Matrix4, PerspectiveCamera, Quaternion, Vector3 } from 'three';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { lookAtWorldToView } from '../core/camera-file.ts';
import type { Viewpoint } from '../core/camera-file.ts';
import { vec3, type Vec3 } from '../core/vector.ts';
import { nearDistance, viewParameters } from './view-parameters.ts';

/** Unit quaternion x, y, z, w from three's camera axes (x right, y up, z backward) to the world's. */
export type Orientation = readonly [number, number, number, number];

/**
 * A camera as it is drawn: nothing about it is left open, not even straight above its target. World: file's own axes.
 */
export interface CameraPose {
  readonly position: Vec3;
  /** The point on the view direction that the camera turns about. */
  readonly target: Vec3;
  readonly orientation: Orientation;
  readonly fovYDegrees: number;
}

/** Less roll than this is none. */
const LEVEL_DEGREES = 1e-6;

/** The pose of a view that is given by target, up direction and roll. Throws `usage` where that is no view. */
export function poseOf(viewpoint: Viewpoint): CameraPose {
  const { position, target, fovYDegrees } = viewpoint;
  return { position, target, orientation: lookOrientation(viewpoint), fovYDegrees };
}

/** The view's target, roll and so on as seen from an up direction: what `poseOf` takes. */
export function viewpointOf({ position, target, orientation, fovYDegrees }: CameraPose, up: Vec3): Viewpoint {
  const [q, level] = [quaternion(orientation), quaternion(lookOrientation({ position, target, up, rollDegrees: 0 }))];
  // What is left after undoing the level camera is a turn about the view direction (z backward).
  const turn = level.invert().multiply(q);
  const rollDegrees = wrapDegrees(MathUtils.radToDeg(-2 * Math.atan2(turn.z, turn.w)));
  // A level camera is level in files too, not by a rounding error beside it.
  return { position, target, up, rollDegrees: Math.abs(rollDegrees) < LEVEL_DEGREES ? 0 : rollDegrees, fovYDegrees };
}

/**
 * The pose's camera for a picture of this size in pixels.
 * @param sceneRadius of the scene that is shown: sets the near distance as the viewer does; without it it is INRIA's
 */
export function poseParameters(
  { position, target, orientation, fovYDegrees }: CameraPose,
  width: number,
  height: number,
  sceneRadius?: number,
): CameraParameters {
  const camera = new PerspectiveCamera(fovYDegrees);
  camera.position.set(...position);
  camera.quaternion.set(...orientation);
  const parameters = viewParameters(camera, width, height);
  if (sceneRadius === undefined) return parameters;
  return { ...parameters, near: nearDistance(sceneRadius, camera.position.distanceTo(new Vector3(...target))) };
}

/** Orientation of a camera at `position` that looks at `target`. */
export function lookOrientation(view: Omit<Viewpoint, 'fovYDegrees'>): Orientation {
  const m = lookAtWorldToView(view);
  return orientationOf(
    vec3((k) => m[k]),
    vec3((k) => m[8 + k]),
  );
}

/** Orientation of a camera with these unit right and forward directions, at right angles. */
export function orientationOf(right: Vec3, forward: Vec3): Orientation {
  const [x, z] = [new Vector3(...right), new Vector3(...forward).negate()];
  const basis = new Matrix4().makeBasis(x, new Vector3().crossVectors(z, x), z);
  return tuple(new Quaternion().setFromRotationMatrix(basis));
}

/** The shortest rotation from one orientation to another, at constant speed; `fraction` 0..1. */
export function slerp(from: Orientation, to: Orientation, fraction: number): Orientation {
  return tuple(quaternion(from).slerp(quaternion(to), fraction));
}

/** Turns a camera by the smallest angle that makes it look along `forward` (any length; zero leaves it as it is). */
export function turnToLook(orientation: Orientation, forward: Vec3): Orientation {
  const wanted = new Vector3(...forward);
  if (wanted.lengthSq() === 0) return orientation;
  const q = quaternion(orientation);
  const now = new Vector3(0, 0, -1).applyQuaternion(q);
  return tuple(new Quaternion().setFromUnitVectors(now, wanted.normalize()).multiply(q));
}

/** Turns a camera clockwise about its view direction, as seen from behind it. */
export function rolled(orientation: Orientation, degrees: number): Orientation {
  return tuple(
    quaternion(orientation).multiply(
      new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), -MathUtils.degToRad(degrees)),
    ),
  );
}

/** Unit view direction. */
export function forwardOf(orientation: Orientation): Vec3 {
  const { x, y, z } = new Vector3(0, 0, -1).applyQuaternion(quaternion(orientation));
  return [x, y, z];
}

function quaternion(orientation: Orientation): Quaternion {
  return new Quaternion(...orientation);
}

function tuple({ x, y, z, w }: Quaternion): Orientation {
  return [x, y, z, w];
}

/** The same angle in -180 (excluded) to 180. */
function wrapDegrees(degrees: number): number {
  const wrapped = MathUtils.euclideanModulo(degrees + 180, 360) - 180;
  return wrapped === -180 ? 180 : wrapped;
}
