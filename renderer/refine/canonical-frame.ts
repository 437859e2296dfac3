import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
import type { Vec3 } from '../core/vector.ts';
import type { RefineManifest } from './manifest.ts';
import { writeUnitQuaternion } from './features.ts';
import type { RefineResiduals } from './residuals.ts';

/** A rotation by quarter turns. */
interface Turn {
  /** Which coordinate becomes x, y and z, and with which sign. */
  readonly from: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
  readonly signs: Vec3;
  /** Its quaternion w, x, y, z, by a factor: the numbers are 0, 1 and -1, so that nothing is rounded twice. */
  readonly quaternion: readonly [number, number, number, number];
  readonly factor: number;
}

/** The turn that takes each axis to z, in which networks are trained. */
const TURNS: Readonly<Record<UpAxis, Turn>> = {
  z: { from: [0, 1, 2], signs: [1, 1, 1], quaternion: [1, 0, 0, 0], factor: 1 },
  '-z': { from: [0, 1, 2], signs: [1, -1, -1], quaternion: [0, 1, 0, 0], factor: 1 },
  y: { from: [0, 2, 1], signs: [1, -1, 1], quaternion: [1, 1, 0, 0], factor: Math.SQRT1_2 },
  '-y': { from: [0, 2, 1], signs: [1, 1, -1], quaternion: [1, -1, 0, 0], factor: Math.SQRT1_2 },
  x: { from: [2, 1, 0], signs: [-1, 1, 1], quaternion: [1, 0, -1, 0], factor: Math.SQRT1_2 },
  '-x': { from: [2, 1, 0], signs: [1, 1, -1], quaternion: [1, 0, 1, 0], factor: Math.SQRT1_2 },
};

/** Turns a direction or a place of the scene into its canonical frame. */
export function toCanonical(v: Vec3, up: UpAxis): Vec3 {
  const { from, signs } = TURNS[up];
  return [signs[0] * v[from[0]], signs[1] * v[from[1]], signs[2] * v[from[2]]];
}

/** Turns a direction or a place of the canonical frame back. */
function fromCanonical(v: Vec3, up: UpAxis): Vec3 {
  const { from, signs } = TURNS[up];
  const turned: [number, number, number] = [0, 0, 0];
  from.forEach((axis, k) => (turned[axis] = signs[k] * v[k]));
  return turned;
}

/** Rotates a scene to the canonical frame, z up, with harmonics of degree 1 at most. */
export function toCanonicalFrame(scene: SplatScene, up: UpAxis): SplatScene {
  if (up === 'z') return scene;
  const shDegree = scene.shDegree === 0 ? 0 : 1;
  const [width, sourceWidth] = [3 * shRestCount(shDegree), 3 * shRestCount(scene.shDegree)];
  const positions = new Float32Array(scene.positions.length);
  const quats = new Float32Array(scene.quats.length);
  const shRest = new Float32Array(scene.count * width);
  for (let i = 0; i < scene.count; i++) {
    positions.set(
      toCanonical([scene.positions[3 * i], scene.positions[3 * i + 1], scene.positions[3 * i + 2]], up),
      3 * i,
    );
    rotateQuaternion(scene.quats, 4 * i, TURNS[up], 1, quats);
    turnHarmonics(scene.shRest, sourceWidth * i, width / 3, (v) => toCanonical(v, up), shRest, width * i);
  }
  return { ...scene, shDegree, positions, quats, shRest };
}

/** Rotates residuals of `toCanonicalFrame(scene, up)` back, in place, to those of `scene`. One copy a splat. */
export function fromCanonicalFrame(
  values: RefineResiduals['values'],
  scene: SplatScene,
  rows: Int32Array,
  up: UpAxis,
  quaternions: RefineManifest['quaternions'],
): void {
  if (up === 'z') return;
  const { means, quats, features_rest: rest } = values;
  const [original, rotated] = [new Float32Array(4), new Float32Array(4)];
  for (let i = 0; i < rows.length; i++) {
    means.set(fromCanonical([means[3 * i], means[3 * i + 1], means[3 * i + 2]], up), 3 * i);
    rotateQuaternion(quats, 4 * i, TURNS[up], -1, quats);
    if (quaternions === 'unit' && opposes(scene.quats, rows[i], TURNS[up], original, rotated))
      for (let k = 4 * i; k < 4 * i + 4; k++) quats[k] = -quats[k];
    turnHarmonics(rest, 9 * i, rest.length > 0 ? 3 : 0, (v) => fromCanonical(v, up), rest, 9 * i);
  }
}

/** Turns harmonics of degree 1: a vector (x, y, z) a channel, stored as (-y, z, -x). */
function turnHarmonics(
  source: Float32Array,
  from: number,
  channels: number,
  turn: (v: Vec3) => Vec3,
  target: Float32Array,
  to: number,
): void {
  for (let k = 0; k < channels; k++) {
    const [x, y, z] = turn([-source[from + 6 + k], -source[from + k], source[from + 3 + k]]);
    target[to + k] = -y;
    target[to + 3 + k] = z;
    target[to + 6 + k] = -x;
  }
}

/** Writes the quaternion at `at`, turned (or turned back, by a sense of -1), to `out` at `at`. */
function rotateQuaternion(
  quats: Float32Array,
  at: number,
  { quaternion: [a, bx, by, bz], factor }: Turn,
  sense: 1 | -1,
  out: Float32Array,
): void {
  const [w, x, y, z] = [quats[at], quats[at + 1], quats[at + 2], quats[at + 3]];
  const [b, c, d] = [sense * bx, sense * by, sense * bz];
  out[at] = factor * (a * w - b * x - c * y - d * z);
  out[at + 1] = factor * (a * x + b * w + c * z - d * y);
  out[at + 2] = factor * (a * y - b * z + c * w + d * x);
  out[at + 3] = factor * (a * z + b * y - c * x + d * w);
}

/**
 * Tells whether making w positive gave a rotation and the same one in the canonical frame opposite signs.
 * @param original,rotated memory for four numbers each
 */
function opposes(quats: Float32Array, row: number, turn: Turn, original: Float32Array, rotated: Float32Array): boolean {
  writeUnitQuaternion(quats, row, original, 0);
  rotated.set(quats.subarray(4 * row, 4 * row + 4));
  rotateQuaternion(rotated, 0, turn, 1, rotated);
  writeUnitQuaternion(rotated, 0, rotated, 0);
  rotateQuaternion(rotated, 0, turn, -1, rotated);
  const [a, b] = [original, rotated];
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0;
}
