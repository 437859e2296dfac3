import type { SplatScene } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
import type { Vec3 } from '../core/vector.ts';
import { halfTurnAboutX } from './half-turn.ts';
import { loadLibrary, transformScene } from './library.ts';

/** Turns about x, y and z, in degrees, that take an axis to +y. */
const TO_Y: Readonly<Record<UpAxis, readonly [number, number, number]>> = {
  y: [0, 0, 0],
  '-y': [180, 0, 0],
  z: [-90, 0, 0],
  '-z': [90, 0, 0],
  x: [0, 0, 90],
  '-x': [0, 0, -90],
};

/** Turns a scene so that its up axis becomes +y, where SPZ stands, or -y, where INRIA's files stand. */
export async function standUp(scene: SplatScene, axis: 'y' | '-y'): Promise<SplatScene> {
  const { up } = scene.meta;
  if (up === axis) return scene;
  const isHalf = up === 'y' || up === '-y';
  const turned = isHalf ? halfTurnAboutX(scene) : await quarterTurn(scene, TO_Y[up]);
  const standing = isHalf || axis === 'y' ? turned : halfTurnAboutX(turned);
  const { origin } = scene.meta;
  const turnedOrigin = origin === undefined ? {} : { origin: standingPoint(origin, up, axis) };
  return { ...standing, meta: { ...scene.meta, ...turnedOrigin, up: axis } };
}

/** A point of a scene whose up axis is `up`, as it lies once `standUp` has turned the scene. */
export function standingPoint([x, y, z]: Vec3, up: UpAxis, axis: 'y' | '-y'): Vec3 {
  if (up === axis) return [x, y, z];
  const half = ([a, b, c]: Vec3): Vec3 => [a, -b, -c];
  const toY: Readonly<Record<UpAxis, Vec3>> = {
    y: [x, y, z],
    '-y': half([x, y, z]),
    z: [x, z, -y],
    '-z': [x, -z, y],
    x: [-y, x, z],
    '-x': [y, -x, z],
  };
  return axis === 'y' ? toY[up] : half(toY[up]);
}

/** Turns by the library, since a quarter turn mixes harmonics. */
async function quarterTurn(scene: SplatScene, degrees: readonly [number, number, number]): Promise<SplatScene> {
  const lib = await loadLibrary();
  return transformScene(lib, scene, new lib.Transform().fromEulers(...degrees));
}
