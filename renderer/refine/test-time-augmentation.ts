import type { AttributeArrays } from './attributes.ts';
import { column, splatWidth } from './attributes.ts';
import { visibilityColours } from './visibility.ts';

/**
 * Splats up to which a scene is augmented: the network's share of the time grows with a scene, and every augmentation
 * runs it once more.
 */
export const maxAugmentedSplats = 32_000;

/** A mirror image in x, then quarter turns about z; red, green and blue are the scene's `channels`. */
export interface Augmentation {
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
  readonly channels: readonly [number, number, number];
}

/**
 * Transforms of a scene in the unit cube that keep its grid cells as they are, the identity first. A network answers a
 * little differently to each, and the mean of its answers, each transformed back, is nearer to the truth than one of
 * them (test-time augmentation).
 */
export const augmentations: readonly Augmentation[] = [
  { quarterTurns: 0, mirrored: false, channels: [0, 1, 2] },
  { quarterTurns: 1, mirrored: true, channels: [1, 2, 0] },
  { quarterTurns: 2, mirrored: false, channels: [2, 0, 1] },
  { quarterTurns: 3, mirrored: true, channels: [0, 2, 1] },
];

const cosines = [1, 0, -1, 0] as const;
const sines = [0, 1, 0, -1] as const;
/** The axis of the turns, in x and y. */
const centre = 0.5;
/** Visibility features stand behind a splat's own. */
const visibilityColumn = splatWidth(1);

/** Features under an augmentation. */
export interface AugmentedFeatures {
  /** (n, stride) */
  readonly features: Float32Array;
  /** (n) the factor, 1 or -1, that keeps each quaternion's w at 0 or above. */
  readonly signs: Int8Array;
}

/** Applies an augmentation to (n, stride) degree-1 features with unit quaternions. */
export function augment(features: Float32Array, stride: number, augmentation: Augmentation): AugmentedFeatures {
  const { channels, quarterTurns, mirrored } = augmentation;
  const out = features.slice();
  const signs = new Int8Array(features.length / stride);
  const transform = horizontalMap(augmentation);
  for (let i = 0; i < signs.length; i++) {
    const at = i * stride;
    const quat = at + column.quats;
    [out[at], out[at + 1]] = transform(features[at] - centre, features[at + 1] - centre);
    out[at] += centre;
    out[at + 1] += centre;
    transformQuaternion(features, quat, quarterTurns, mirrored, false, out);
    signs[i] = out[quat] < 0 ? -1 : 1;
    for (let k = 0; k < 4; k++) out[quat + k] *= signs[i];
    for (let k = 0; k < 3; k++) {
      const [dc, rest] = [at + column.features_dc, at + column.features_rest];
      out[dc + k] = features[dc + channels[k]];
      transformHarmonics(features, rest + channels[k], transform, out, rest + k);
      for (const from of stride > visibilityColumn ? visibilityColours : [])
        out[at + visibilityColumn + from + k] = features[at + visibilityColumn + from + channels[k]];
    }
  }
  return { features: out, signs };
}

/** Inverts an augmentation of a network's answer to `augment`, and adds it to `sums` times `share`. */
export function accumulateInverse(
  answer: AttributeArrays,
  signs: Int8Array,
  augmentation: Augmentation,
  share: number,
  sums: AttributeArrays,
): void {
  const { channels, quarterTurns, mirrored } = augmentation;
  const transform = inverseHorizontalMap(augmentation);
  const inverted = new Float32Array(9);
  for (let i = 0; i < signs.length; i++) {
    const [x, y] = transform(answer.means[3 * i], answer.means[3 * i + 1]);
    sums.means[3 * i] += share * x;
    sums.means[3 * i + 1] += share * y;
    sums.means[3 * i + 2] += share * answer.means[3 * i + 2];
    sums.opacities[i] += share * answer.opacities[i];
    transformQuaternion(answer.quats, 4 * i, quarterTurns, mirrored, true, inverted, 0);
    for (let k = 0; k < 4; k++) sums.quats[4 * i + k] += share * signs[i] * inverted[k];
    for (let k = 0; k < 3; k++) {
      sums.scales[3 * i + k] += share * answer.scales[3 * i + k];
      sums.features_dc[3 * i + channels[k]] += share * answer.features_dc[3 * i + k];
      transformHarmonics(answer.features_rest, 9 * i + k, transform, inverted, channels[k]);
    }
    for (let k = 0; k < 9; k++) sums.features_rest[9 * i + k] += share * inverted[k];
  }
}

type HorizontalMap = (x: number, y: number) => readonly [number, number];

function horizontalMap({ quarterTurns, mirrored }: Augmentation): HorizontalMap {
  const [cosine, sine, sign] = [cosines[quarterTurns], sines[quarterTurns], mirrored ? -1 : 1];
  return (x, y) => [cosine * sign * x - sine * y, sine * sign * x + cosine * y];
}

function inverseHorizontalMap({ quarterTurns, mirrored }: Augmentation): HorizontalMap {
  const [cosine, sine, sign] = [cosines[quarterTurns], sines[quarterTurns], mirrored ? -1 : 1];
  return (x, y) => [sign * (cosine * x + sine * y), cosine * y - sine * x];
}

/** Transforms degree-1 harmonics: a vector (x, y, z) a channel, stored as (-y, z, -x) three numbers apart. */
function transformHarmonics(
  values: Float32Array,
  from: number,
  transform: HorizontalMap,
  out: Float32Array,
  to: number,
): void {
  const [x, y] = transform(-values[from + 6], -values[from]);
  out[to] = -y;
  out[to + 3] = values[from + 3];
  out[to + 6] = -x;
}

/** Mirrors the quaternion at `at` in x and turns it about z, or undoes that. */
function transformQuaternion(
  values: Float32Array,
  at: number,
  quarterTurns: number,
  mirrored: boolean,
  inverse: boolean,
  out: Float32Array,
  to = at,
): void {
  const sign = mirrored ? -1 : 1;
  const angle = ((inverse ? -1 : 1) * quarterTurns * Math.PI) / 4;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const before = inverse ? 1 : sign;
  const after = inverse ? sign : 1;
  const [w, x, y, z] = [values[at], values[at + 1], before * values[at + 2], before * values[at + 3]];
  out[to] = cosine * w - sine * z;
  out[to + 1] = cosine * x - sine * y;
  out[to + 2] = after * (cosine * y + sine * x);
  out[to + 3] = after * (cosine * z + sine * w);
}
