import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import type { Vec3 } from '../core/vector.ts';
import type { RefineManifest } from './manifest.ts';
import { writeUnitQuaternion } from './features.ts';
import type { RefineResiduals } from './residuals.ts';

export type Up = SplatScene['meta']['up'];

/**
 * Resolves the up axis for a network that takes visibility features: the caller's explicit one, else the file's, else
 * z, in which such networks are trained. The viewer's guess about files that have none (-y) is that of photo captures.
 */
export function resolveUp(scene: SplatScene, explicit: Up | undefined): Up {
  return explicit ?? (scene.meta.upIsGuessed === true ? 'z' : scene.meta.up);
}

/** Sign of the quarter turn about the x axis that takes an axis to z. */
const turnSigns = { y: 1, '-y': -1 } as const;
/** Turns a direction or a place of the scene into its canonical frame. */
export function toCanonical([x, y, z]: Vec3, up: Up): Vec3 {
  return up === 'z' ? [x, y, z] : [x, -turnSigns[up] * z, turnSigns[up] * y];
}

/** Sine and cosine of half a quarter turn. */
const half = Math.SQRT1_2;

/** Rotates a scene to the canonical frame, z up, with harmonics of degree 1 at most. */
export function toCanonicalFrame(scene: SplatScene, up: Up): SplatScene {
  if (up === 'z') return scene;
  const sign = turnSigns[up];
  const shDegree = scene.shDegree === 0 ? 0 : 1;
  const [width, sourceWidth] = [3 * shRestCount(shDegree), 3 * shRestCount(scene.shDegree)];
  const positions = new Float32Array(scene.positions.length);
  const quats = new Float32Array(scene.quats.length);
  const shRest = new Float32Array(scene.count * width);
  for (let i = 0; i < scene.count; i++) {
    const p = 3 * i;
    positions[p] = scene.positions[p];
    positions[p + 1] = -sign * scene.positions[p + 2];
    positions[p + 2] = sign * scene.positions[p + 1];
    rotateQuaternion(scene.quats, 4 * i, sign, quats);
    // Degree-1 harmonics are a vector (x, y, z) a channel, stored as (-y, z, -x).
    for (let k = 0; k < width / 3; k++) {
      shRest[width * i + k] = sign * scene.shRest[sourceWidth * i + 3 + k];
      shRest[width * i + 3 + k] = -sign * scene.shRest[sourceWidth * i + k];
      shRest[width * i + 6 + k] = scene.shRest[sourceWidth * i + 6 + k];
    }
  }
  return { ...scene, shDegree, positions, quats, shRest };
}

/** Rotates residuals of `toCanonicalFrame(scene, up)` back, in place, to those of `scene`. One copy a splat. */
export function fromCanonicalFrame(
  values: RefineResiduals['values'],
  scene: SplatScene,
  rows: Int32Array,
  up: Up,
  quaternions: RefineManifest['quaternions'],
): void {
  if (up === 'z') return;
  const sign = turnSigns[up];
  const { means, quats, features_rest: rest } = values;
  const [original, rotated] = [new Float32Array(4), new Float32Array(4)];
  for (let i = 0; i < rows.length; i++) {
    const y = means[3 * i + 1];
    means[3 * i + 1] = sign * means[3 * i + 2];
    means[3 * i + 2] = -sign * y;
    rotateQuaternion(quats, 4 * i, -sign, quats);
    if (quaternions === 'unit' && opposes(scene.quats, rows[i], sign, original, rotated))
      for (let k = 4 * i; k < 4 * i + 4; k++) quats[k] = -quats[k];
    for (let k = 9 * i; k < 9 * i + 3 && rest.length > 0; k++) {
      const first = rest[k];
      rest[k] = -sign * rest[k + 3];
      rest[k + 3] = sign * first;
    }
  }
}

/** Writes the quaternion at `at`, rotated by a quarter turn about x, to `out` at `at`. */
function rotateQuaternion(quats: Float32Array, at: number, sign: number, out: Float32Array): void {
  const [w, x, y, z] = [quats[at], quats[at + 1], quats[at + 2], quats[at + 3]];
  out[at] = half * (w - sign * x);
  out[at + 1] = half * (x + sign * w);
  out[at + 2] = half * (y - sign * z);
  out[at + 3] = half * (z + sign * y);
}

/**
 * Tells whether making w positive gave a rotation and the same one in the canonical frame opposite signs.
 * @param original,rotated memory for four numbers each
 */
function opposes(
  quats: Float32Array,
  row: number,
  sign: number,
  original: Float32Array,
  rotated: Float32Array,
): boolean {
  writeUnitQuaternion(quats, row, original, 0);
  rotated.set(quats.subarray(4 * row, 4 * row + 4));
  rotateQuaternion(rotated, 0, sign, rotated);
  writeUnitQuaternion(rotated, 0, rotated, 0);
  rotateQuaternion(rotated, 0, -sign, rotated);
  const [a, b] = [original, rotated];
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0;
}
