import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import { withGzipComment } from './gzip-comment.ts';
import { RIGHT_UP_BACK_RECORD } from './spz-frame.ts';

/** Version 3 is what SPZ readers of the last years understand; version 4 packs the same bytes otherwise. */
const VERSION = 3;
const HEADER_BYTES = 16;
const FLAGS_AT = 14;
/** What the format's own writer takes; finer for small scenes, see `holdInSpz`. */
export const SPZ_FRACTIONAL_BITS = 12;
/** Natural logarithms of the smallest and the largest axis scale that one byte holds. */
export const SPZ_LOG_SCALES = [-10, -10 + 255 / 16] as const;
const FLAG_ANTIALIASED = 1;
const FLAG_EXTENSIONS = 2;
/** Steps of the format's own writer: degree 1 keeps 5 bits of 8, higher degrees 4, so that gzip finds repetitions. */
const SH1_STEP = 8;
const SH_REST_STEP = 16;

/** Positions at this distance from the origin, along an axis, no longer fit 24 bits of which so many are a fraction. */
export function spzLimit(fractionalBits: number): number {
  return 2 ** (23 - fractionalBits);
}

export interface SpzOptions {
  /** Bits of a coordinate behind the point. */
  readonly fractionalBits?: number;
  /** The scene is known to stand as it does: the file says so in its extension for that. */
  readonly isFrameKnown?: boolean;
  /** Printable ASCII for the gzip header, the one place that SPZ 3 has for it. */
  readonly comment?: string | undefined;
}

/**
 * Packs a scene of finite numbers, standing in SPZ's own frame (right, up, back), as SPZ version 3 (Niantic's format;
 * rounding as in its reference writer). Hand-written because the library's writer is compiled C++ whose bindings
 * evaluate strings as code, which the page's content security policy forbids, and rightly so.
 * @param scene positions within `spzLimit` of its fractional bits.
 */
export async function encodeSpz(
  scene: SplatScene,
  { fractionalBits = SPZ_FRACTIONAL_BITS, isFrameKnown = false, comment }: SpzOptions = {},
): Promise<Uint8Array> {
  const parts = [packSpz(scene, fractionalBits), ...(isFrameKnown ? [RIGHT_UP_BACK_RECORD] : [])];
  if (isFrameKnown) parts[0][FLAGS_AT] |= FLAG_EXTENSIONS;
  const packed = new Blob(parts as Uint8Array<ArrayBuffer>[]).stream().pipeThrough(new CompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  return comment === undefined ? bytes : withGzipComment(bytes, comment);
}

/** The bytes before gzip: header, then positions, opacities, colours, scales, rotations and harmonics of all splats. */
export function packSpz(scene: SplatScene, fractionalBits = SPZ_FRACTIONAL_BITS): Uint8Array {
  const { count } = scene;
  const rest = shRestCount(scene.shDegree) * 3;
  const bytes = new Uint8Array(HEADER_BYTES + count * (9 + 1 + 3 + 3 + 4 + rest));
  const header = new DataView(bytes.buffer);
  bytes.set([0x4e, 0x47, 0x53, 0x50]);
  header.setUint32(4, VERSION, true);
  header.setUint32(8, count, true);
  header.setUint8(12, scene.shDegree);
  header.setUint8(13, fractionalBits);
  header.setUint8(FLAGS_AT, scene.meta.antialiased ? FLAG_ANTIALIASED : 0);
  let at = HEADER_BYTES;
  for (const position of scene.positions) {
    const fixed = Math.round(position * 2 ** fractionalBits);
    bytes[at++] = fixed;
    bytes[at++] = fixed >> 8;
    bytes[at++] = fixed >> 16;
  }
  for (const logit of scene.logitOpacities) bytes[at++] = toByte(255 / (1 + Math.exp(-logit)));
  for (const dc of scene.shDc) bytes[at++] = toByte(dc * 0.15 * 255 + 0.5 * 255);
  for (const logScale of scene.logScales) bytes[at++] = toByte((logScale + 10) * 16);
  for (let i = 0; i < count; i++, at += 4) header.setUint32(at, packRotation(scene.quats, i * 4), true);
  for (let i = 0; i < scene.shRest.length; i++) {
    const step = i % rest < 9 ? SH1_STEP : SH_REST_STEP;
    const fine = Math.round(scene.shRest[i] * 128) + 128;
    bytes[at++] = toByte(Math.floor((fine + step / 2) / step) * step);
  }
  return bytes;
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/**
 * Smallest three: index of the largest component of (x, y, z, w) in the top two bits, then sign and nine bits of
 * magnitude, in units of 1/sqrt(2), for each of the others; the sign of q is chosen so that the largest is positive.
 */
function packRotation(quats: Float32Array, from: number): number {
  const xyzw = [quats[from + 1], quats[from + 2], quats[from + 3], quats[from]];
  const length = Math.hypot(...xyzw);
  // A quaternion of zero stands for no rotation.
  if (length === 0) xyzw[3] = 1;
  let largest = 0;
  for (let k = 1; k < 4; k++) if (Math.abs(xyzw[k]) > Math.abs(xyzw[largest])) largest = k;
  const unit = (Math.sign(xyzw[largest]) || 1) / (length || 1);
  let packed = largest;
  for (let k = 0; k < 4; k++) {
    if (k === largest) continue;
    const value = xyzw[k] * unit;
    const magnitude = Math.min(511, Math.floor(Math.abs(value) * Math.SQRT2 * 511 + 0.5));
    packed = (packed << 10) | (value < 0 ? 512 : 0) | magnitude;
  }
  return packed >>> 0;
}
