import type { SplatScene } from '../core/splat-scene.ts';
import { shaderConstant, shaders } from './shaders.ts';

/** Largest finite half. */
const LARGEST_HALF = 0x7bff;
const INFINITE_HALF = 0x7c00;

/**
 * What the upper nine bits of a float (sign and exponent) make of it as a half: where the half begins, by how much its
 * mantissa is shifted, and half a unit of its last place (van der Zijp, Fast Half Float Conversions, 2008, with
 * rounding).
 */
const halfBase = new Uint16Array(512);
const halfShift = new Uint8Array(512);
const halfRounding = new Uint32Array(512);
for (let upper = 0; upper < 512; upper++) {
  const sign = (upper & 0x100) << 7;
  const exponent = (upper & 0xff) - 127;
  if (exponent < -24) {
    halfBase[upper] = sign;
    halfShift[upper] = 24;
  } else if (exponent < -14) {
    halfBase[upper] = sign | (0x400 >> (-exponent - 14));
    halfShift[upper] = -exponent - 1;
  } else if (exponent < 16) {
    halfBase[upper] = sign | ((exponent + 15) << 10);
    halfShift[upper] = 13;
  } else {
    halfBase[upper] = sign | LARGEST_HALF;
    halfShift[upper] = 24;
  }
  halfRounding[upper] = halfShift[upper] === 24 ? 0 : 1 << (halfShift[upper] - 1);
}

/**
 * Packs every `stride`-th number of an array as half floats, rounded to the nearest; what is beyond 65,504 becomes
 * that.
 * @param from index in `source` of the first number
 * @param outFrom index in `out` of the first half
 */
export function packHalves(
  source: Float32Array,
  from: number,
  stride: number,
  count: number,
  out: Uint16Array,
  outFrom: number,
  outStride: number,
): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0, at = from, to = outFrom; i < count; i++, at += stride, to += outStride) {
    const value = bits[at];
    const upper = value >>> 23;
    const half = halfBase[upper] + (((value & 0x7fffff) + halfRounding[upper]) >>> halfShift[upper]);
    out[to] = (half & 0x7fff) < INFINITE_HALF ? half : (half & 0x8000) | LARGEST_HALF;
  }
}

const SCALE_STEPS = shaderConstant(shaders.project.code, 'LOG_SCALE_STEPS');
const SCALE_SPAN = shaderConstant(shaders.project.code, 'LOG_SCALE_SPAN');
const SCALE_BELOW_0 = shaderConstant(shaders.project.code, 'LOG_SCALE_BELOW_0');

/**
 * Packs quaternions of length 1 (w, x, y, z in steps of 3e-5) and log-scales (in steps of 5e-5) in four words a splat;
 * `rotationAndScales` of shaders/common/splat.wgsl reads them.
 */
export function packRotationAndScales(
  { quats, logScales }: SplatScene,
  first: number,
  length: number,
  out: Uint32Array,
): void {
  for (let i = 0; i < length; i++) {
    const q = (first + i) * 4;
    const [w, x, y, z] = [quats[q], quats[q + 1], quats[q + 2], quats[q + 3]];
    const steps = 32767 / Math.sqrt(w * w + x * x + y * y + z * z);
    out[i * 4] = (Math.round(w * steps) & 0xffff) | (Math.round(x * steps) << 16);
    out[i * 4 + 1] = (Math.round(y * steps) & 0xffff) | (Math.round(z * steps) << 16);
    const s = (first + i) * 3;
    const a = scaleSteps(logScales[s]);
    const b = scaleSteps(logScales[s + 1]);
    const c = scaleSteps(logScales[s + 2]);
    out[i * 4 + 2] = a | (b << 21);
    out[i * 4 + 3] = (b >>> 11) | (c << 10);
  }
}

/** Steps of a log-scale; NaN becomes 0, as its splat is not drawn. */
function scaleSteps(logScale: number): number {
  const steps = Math.round(((logScale + SCALE_BELOW_0) / SCALE_SPAN) * SCALE_STEPS);
  return Math.min(Math.max(steps, 0), SCALE_STEPS);
}
