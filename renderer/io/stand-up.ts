import type { SplatScene } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
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
  return { ...standing, meta: { ...scene.meta, up: axis } };
}

/** Turns by the library, since a quarter turn mixes harmonics. */
async function quarterTurn(scene: SplatScene, degrees: readonly [number, number, number]): Promise<SplatScene> {
  const lib = await loadLibrary();
  return transformScene(lib, scene, new lib.Transform().fromEulers(...degrees));
}
