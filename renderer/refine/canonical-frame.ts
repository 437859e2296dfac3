import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import type { RefineManifest } from './manifest.ts';
import { writeUnitQuaternion } from './features.ts';
import type { RefineResiduals } from './residuals.ts';

export type Up = SplatScene['meta']['up'];

/**
 * What is up for a network that looks at a scene from around its vertical: what the caller says, else what the file
 * says, else z, in which such networks are
 * trained. The viewer's guess about files that say nothing (-y) is that of photo captures.
 */
export function resolveUp(scene: SplatScene, chosen: Up | undefined): Up {
  return chosen ?? (scene.meta.upIsGuessed === true ? 'z' : scene.meta.up);
}

/** Sign of the quarter turn about the x axis that takes an axis to z. */
const turns = { y: 1, '-y': -1 } as const;
const half = Math.SQRT1_2;

/** The scene with z up, at harmonics of degree 1 at most: what refining a scene that stands otherwise looks at. */
export function toCanonicalFrame(scene: SplatScene, up: Up): SplatScene {
  if (up === 'z') return scene;
  const sign = turns[up];
  const shDegree = scene.shDegree === 0 ? 0 : 1;
  const [width, wide] = [3 * shRestCount(shDegree), 3 * shRestCount(scene.shDegree)];
  const positions = new Float32Array(scene.positions.length);
  const quats = new Float32Array(scene.quats.length);
  const shRest = new Float32Array(scene.count * width);
  for (let i = 0; i < scene.count; i++) {
    const p = 3 * i;
    positions[p] = scene.positions[p];
    positions[p + 1] = -sign * scene.positions[p + 2];
    positions[p + 2] = sign * scene.positions[p + 1];
    turnQuaternion(scene.quats, 4 * i, sign, quats);
    // Degree-1 harmonics are a vector (x, y, z) a channel, stored as (-y, z, -x).
    for (let k = 0; k < width / 3; k++) {
      shRest[width * i + k] = sign * scene.shRest[wide * i + 3 + k];
      shRest[width * i + 3 + k] = -sign * scene.shRest[wide * i + k];
      shRest[width * i + 6 + k] = scene.shRest[wide * i + 6 + k];
    }
  }
  return { ...scene, shDegree, positions, quats, shRest };
}

/**
 * Turns residuals that a network gave for `toCanonicalFrame(scene, up)` back, in place, so that they are of `scene`. One copy a
 * splat.
 */
export function fromCanonicalFrame(
  values: RefineResiduals['values'],
  scene: SplatScene,
  rows: Int32Array,
  up: Up,
  quaternions: RefineManifest['quaternions'],
): void {
  if (up === 'z') return;
  const sign = turns[up];
  const { means, quats, features_rest: rest } = values;
  const [own, turned] = [new Float32Array(4), new Float32Array(4)];
  for (let i = 0; i < rows.length; i++) {
    const y = means[3 * i + 1];
    means[3 * i + 1] = sign * means[3 * i + 2];
    means[3 * i + 2] = -sign * y;
    turnQuaternion(quats, 4 * i, -sign, quats);
    if (quaternions === 'unit' && opposes(scene.quats, rows[i], sign, own, turned))
      for (let k = 4 * i; k < 4 * i + 4; k++) quats[k] = -quats[k];
    for (let k = 9 * i; k < 9 * i + 3 && rest.length > 0; k++) {
      const first = rest[k];
      rest[k] = -sign * rest[k + 3];
      rest[k + 3] = sign * first;
    }
  }
}

/** Writes the quaternion at `at`, turned by a quarter about x, to the same place of `out`. */
function turnQuaternion(quats: Float32Array, at: number, sign: number, out: Float32Array): void {
  const [w, x, y, z] = [quats[at], quats[at + 1], quats[at + 2], quats[at + 3]];
  out[at] = half * (w - sign * x);
  out[at + 1] = half * (x + sign * w);
  out[at + 2] = half * (y - sign * z);
  out[at + 3] = half * (z + sign * y);
}

/**
 * Whether making w positive gave a rotation and its turned self opposite signs. @param own,turned room for four numbers
 */
function opposes(quats: Float32Array, row: number, sign: number, own: Float32Array, turned: Float32Array): boolean {
  writeUnitQuaternion(quats, row, own, 0);
  turned.set(quats.subarray(4 * row, 4 * row + 4));
  turnQuaternion(turned, 0, sign, turned);
  writeUnitQuaternion(turned, 0, turned, 0);
  turnQuaternion(turned, 0, -sign, turned);
  return own[0] * turned[0] + own[1] * turned[1] + own[2] * turned[2] + own[3] * turned[3] < 0;
}
