import { dot, type Vec3 } from './vector.ts';

/** The axes of a file that can be up. */
export const UP_AXES = ['x', '-x', 'y', '-y', 'z', '-z'] as const;
export type UpAxis = (typeof UP_AXES)[number];

/** Unit direction of an up axis, in the file's own axes. */
export const UP_DIRECTIONS: Readonly<Record<UpAxis, Vec3>> = {
  x: [1, 0, 0],
  '-x': [-1, 0, 0],
  y: [0, 1, 0],
  '-y': [0, -1, 0],
  z: [0, 0, 1],
  '-z': [0, 0, -1],
};

/** Up axes as people read them. */
export const UP_NAMES: Readonly<Record<UpAxis, string>> = {
  x: '+X',
  '-x': '−X',
  y: '+Y',
  '-y': '−Y',
  z: '+Z',
  '-z': '−Z',
};

/** Cosine of 30 degrees, which is what a capture held by hand is off by. */
const COSINE_ALONG = 0.866;

/** The axis that a unit direction lies along; undefined where none is near it. */
export function axisAlong(direction: Vec3): UpAxis | undefined {
  return UP_AXES.find((axis) => dot(UP_DIRECTIONS[axis], direction) > COSINE_ALONG);
}
