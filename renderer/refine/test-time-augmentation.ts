import type { AttributeName } from './attributes.ts';
import { visibilityRingOffsets } from './visibility.ts';

/**
 * Splats up to which a scene is asked about in more than one form: the network's share of the time grows with a scene.
 */
export const maxAugmentedSplats = 32_000;

/** Mirrored in x, then turned about z by quarters; red, green and blue are the scene's `channels`. */
export interface Augmentation {
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
  readonly channels: readonly [number, number, number];
}

/**
 * Equivalent forms of a scene in the unit cube, whose cells are the same cells. A network answers a little differently
 * to each, and the mean of its answers is nearer
 * to the truth than one of them. models/training/symmetries.py has the same.
 */
export const augmentations: readonly Augmentation[] = [
  { quarterTurns: 0, mirrored: false, channels: [0, 1, 2] },
  { quarterTurns: 1, mirrored: true, channels: [1, 2, 0] },
  { quarterTurns: 2, mirrored: false, channels: [2, 0, 1] },
  { quarterTurns: 3, mirrored: true, channels: [0, 2, 1] },
];

const cosines = [1, 0, -1, 0] as const;
const sines = [0, 1, 0, -1] as const;
const middle = 0.5;

/** Columns of degree-1 features. */
const column = { quats: 7, dc: 11, rest: 14, sight: 23 } as const;

/**
 * Another form of (n, stride) degree-1 features with unit quaternions, and the sign (n) by which each of those was
 * multiplied to keep w at 0 or above.
 */
export function augment(
  features: Float32Array,
  stride: number,
  augmentation: Augmentation,
): { features: Float32Array; signs: Int8Array } {
  const { channels, quarterTurns } = augmentation;
  const out = features.slice();
  const signs = new Int8Array(features.length / stride);
  const vector = vectorMap(augmentation);
  for (let i = 0; i < signs.length; i++) {
    const at = i * stride;
    [out[at], out[at + 1]] = vector(features[at] - middle, features[at + 1] - middle);
    out[at] += middle;
    out[at + 1] += middle;
    turnQuaternion(features, at + column.quats, quarterTurns, augmentation.mirrored, false, out);
    signs[i] = out[at + column.quats] < 0 ? -1 : 1;
    for (let k = 0; k < 4; k++) out[at + column.quats + k] *= signs[i];
    for (let k = 0; k < 3; k++) {
      out[at + column.dc + k] = features[at + column.dc + channels[k]];
      mapHarmonic(features, at + column.rest + channels[k], vector, out, at + column.rest + k);
      for (const from of stride > column.sight ? visibilityRingOffsets : [])
        out[at + column.sight + from + 2 + k] = features[at + column.sight + from + 2 + channels[k]];
    }
  }
  return { features: out, signs };
}

/** Adds to `sums` what a network answered to `augment`, as of the scene itself, times `share`. */
export function accumulateInverse(
  answers: Readonly<Record<AttributeName, Float32Array>>,
  signs: Int8Array,
  augmentation: Augmentation,
  share: number,
  sums: Readonly<Record<AttributeName, Float32Array>>,
): void {
  const { channels } = augmentation;
  const back = backMap(augmentation);
  const own = new Float32Array(9);
  for (let i = 0; i < signs.length; i++) {
    const [x, y] = back(answers.means[3 * i], answers.means[3 * i + 1]);
    sums.means[3 * i] += share * x;
    sums.means[3 * i + 1] += share * y;
    sums.means[3 * i + 2] += share * answers.means[3 * i + 2];
    sums.opacities[i] += share * answers.opacities[i];
    turnQuaternion(answers.quats, 4 * i, augmentation.quarterTurns, augmentation.mirrored, true, own, 0);
    for (let k = 0; k < 4; k++) sums.quats[4 * i + k] += share * signs[i] * own[k];
    for (let k = 0; k < 3; k++) {
      sums.scales[3 * i + k] += share * answers.scales[3 * i + k];
      sums.features_dc[3 * i + channels[k]] += share * answers.features_dc[3 * i + k];
      mapHarmonic(answers.features_rest, 9 * i + k, back, own, channels[k]);
    }
    for (let k = 0; k < 9; k++) sums.features_rest[9 * i + k] += share * own[k];
  }
}

type HorizontalMap = (x: number, y: number) => readonly [number, number];

function vectorMap({ quarterTurns, mirrored }: Augmentation): HorizontalMap {
  const [cosine, sine, sign] = [cosines[quarterTurns], sines[quarterTurns], mirrored ? -1 : 1];
  return (x, y) => [cosine * sign * x - sine * y, sine * sign * x + cosine * y];
}

function backMap({ quarterTurns, mirrored }: Augmentation): HorizontalMap {
  const [cosine, sine, sign] = [cosines[quarterTurns], sines[quarterTurns], mirrored ? -1 : 1];
  return (x, y) => [sign * (cosine * x + sine * y), cosine * y - sine * x];
}

/** Degree-1 harmonics are a vector (x, y, z) a channel, stored as (-y, z, -x) three numbers apart. */
function mapHarmonic(values: Float32Array, from: number, map: HorizontalMap, out: Float32Array, to: number): void {
  const [x, y] = map(-values[from + 6], -values[from]);
  out[to] = -y;
  out[to + 3] = values[from + 3];
  out[to + 6] = -x;
}

/** The quaternion at `at` mirrored in x and turned about z, or that undone. */
function turnQuaternion(
  values: Float32Array,
  at: number,
  quarterTurns: number,
  mirrored: boolean,
  undo: boolean,
  out: Float32Array,
  to = at,
): void {
  const sign = mirrored ? -1 : 1;
  const angle = ((undo ? -1 : 1) * quarterTurns * Math.PI) / 4;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const before = undo ? 1 : sign;
  const after = undo ? sign : 1;
  const [w, x, y, z] = [values[at], values[at + 1], before * values[at + 2], before * values[at + 3]];
  out[to] = cosine * w - sine * z;
  out[to + 1] = cosine * x - sine * y;
  out[to + 2] = after * (cosine * y + sine * x);
  out[to + 3] = after * (cosine * z + sine * w);
}
