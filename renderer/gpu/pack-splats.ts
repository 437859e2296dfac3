import { isDrawable, opacityOfLogit } from '../core/drawable.ts';
import { shRestCount, type SplatScene } from '../core/splat-scene.ts';
import { shaderConstant, shaders } from './shaders.ts';

/** Words of one vec4u: all planes are made of them. */
export const VECTOR_WORDS = 4;
const VECTOR_BYTES = 4 * VECTOR_WORDS;

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

/** The nearest half of a float, both as bits; what is beyond 65,504 becomes that. */
export function halfOf(bits: number): number {
  const upper = bits >>> 23;
  const half = halfBase[upper] + (((bits & 0x7fffff) + halfRounding[upper]) >>> halfShift[upper]);
  return (half & 0x7fff) < INFINITE_HALF ? half : (half & 0x8000) | LARGEST_HALF;
}

const constant = (name: string): number => shaderConstant(shaders.project.code, name);
const OPACITY_CODES = constant('OPACITY_CODES');
const SCALE_STEPS = constant('SCALE_STEPS');
const COARSE_STEPS = constant('COARSE_STEPS');
const LOWEST = -constant('LOWEST_LOG_SCALE');
const FINE = -constant('FINE_LOG_SCALE');
const COARSE_STEPS_A_UNIT = COARSE_STEPS / (FINE - LOWEST);
const FINE_STEPS_A_UNIT = (SCALE_STEPS - COARSE_STEPS) / (constant('HIGHEST_LOG_SCALE') - FINE);

/**
 * Packs splats as shaders/common/splat.wgsl reads them, plane after plane of `length` vectors each: places and
 * opacities, then all else but the harmonics above degree 0.
 * @param first index in the scene of the first splat
 * @param planes 1 or 2 of them
 */
export function packSplats(scene: SplatScene, first: number, length: number, planes: 1 | 2, out: Uint32Array): void {
  const { positions, logitOpacities, quats, shDc } = scene;
  const floats = new Float32Array(out.buffer, out.byteOffset, out.length);
  const colours = new Uint32Array(shDc.buffer, shDc.byteOffset, shDc.length);
  for (let i = 0; i < length; i++) {
    const splat = first + i;
    const at = i * VECTOR_WORDS;
    // A splat that cannot be drawn becomes an invisible one: shaders may assume that numbers are finite.
    const isDrawn = isDrawable(scene, splat);
    const place = largestComponent(quats, 4 * splat);
    for (let k = 0; k < 3; k++) floats[at + k] = isDrawn ? positions[3 * splat + k] : 0;
    const opacity = isDrawn ? rounded(opacityOfLogit(logitOpacities[splat]) * OPACITY_CODES) : 0;
    out[at + 3] = opacity | (place << 14) | (halfOf(colours[3 * splat]) << 16);
    if (planes === 2) packMore(scene, splat, place, colours, out, (length + i) * VECTOR_WORDS);
  }
}

/** The second plane's vector of a splat, which begins at out[at]. */
function packMore(
  { quats, logScales }: SplatScene,
  splat: number,
  place: number,
  colours: Uint32Array,
  out: Uint32Array,
  at: number,
): void {
  out[at] = halfOf(colours[3 * splat + 1]) | (halfOf(colours[3 * splat + 2]) << 16);
  const q = 4 * splat;
  const w = quats[q];
  const x = quats[q + 1];
  const y = quats[q + 2];
  const z = quats[q + 3];
  // The largest component is given back as what the others leave of length 1, so it must be positive.
  const length = Math.sqrt(w * w + x * x + y * y + z * z);
  const steps = (quats[q + place] < 0 ? -Math.SQRT2 : Math.SQRT2) * (32767 / length);
  const a = rounded((place === 0 ? x : w) * steps);
  const b = rounded((place < 2 ? y : x) * steps);
  const c = rounded((place < 3 ? z : y) * steps);
  const s = 3 * splat;
  out[at + 1] = (a & 0xffff) | (b << 16);
  out[at + 2] = (c & 0xffff) | (scaleSteps(logScales[s]) << 16);
  out[at + 3] = scaleSteps(logScales[s + 1]) | (scaleSteps(logScales[s + 2]) << 16);
}

/** Number of a quaternion's largest component by magnitude, the first of equal ones. */
function largestComponent(quats: Float32Array, at: number): number {
  let place = 0;
  let largest = Math.abs(quats[at]);
  for (let k = 1; k < 4; k++) {
    const magnitude = Math.abs(quats[at + k]);
    if (magnitude > largest) {
      largest = magnitude;
      place = k;
    }
  }
  return place;
}

/** Steps of a log-scale; NaN becomes 0, as its splat is not drawn. */
function scaleSteps(logScale: number): number {
  const steps =
    logScale < FINE ? (logScale - LOWEST) * COARSE_STEPS_A_UNIT : COARSE_STEPS + (logScale - FINE) * FINE_STEPS_A_UNIT;
  return steps > 0 ? rounded(Math.min(steps, SCALE_STEPS)) : 0;
}

/** The nearest whole number of one between -65,536 and 65,536; several times as fast as Math.round. */
function rounded(value: number): number {
  return ((value + 65536.5) | 0) - 65536;
}

const SCALE_BASE = constant('SCALE_BASE') * 8;
const LARGEST_SCALE = 255;
const scaleFloat = new Float32Array(1);
const scaleBits = new Uint32Array(scaleFloat.buffer);

/**
 * Packs the harmonics above degree 0 as shaders/common/spherical-harmonics.wgsl reads them: a plane of `length` vectors
 * for each degree, one after the other. Bytes that nothing reads are left as they are.
 * @param first index in the scene of the first splat
 */
export function packHarmonics({ shDegree, shRest }: SplatScene, first: number, length: number, out: Uint8Array): void {
  const width = 3 * shRestCount(shDegree);
  const plane = length * VECTOR_BYTES;
  const bits = new Uint32Array(shRest.buffer, shRest.byteOffset, shRest.length);
  for (let i = 0; i < length; i++) {
    const from = (first + i) * width;
    const to = i * VECTOR_BYTES;
    const own = scaleCode(bits, from, 9);
    quantise(shRest, from, 9, own, out, to);
    out[to + 9] = own;
    if (shDegree === 1) continue;
    const second = scaleCode(bits, from + 9, 15);
    quantise(shRest, from + 9, 15, second, out, plane + to);
    out[plane + to + 15] = second;
    if (shDegree === 2) continue;
    const third = scaleCode(bits, from + 24, 21);
    quantise(shRest, from + 24, 6, third, out, to + 10);
    quantise(shRest, from + 30, 15, third, out, 2 * plane + to);
    out[2 * plane + to + 15] = third;
  }
}

/** The smallest scale that no magnitude of these floats, as bits, exceeds, if there is one. */
function scaleCode(bits: Uint32Array, from: number, count: number): number {
  let largest = 0;
  for (let k = from; k < from + count; k++) {
    // Without their sign, bits of floats order as whole numbers.
    const magnitude = bits[k] & 0x7fffffff;
    if (magnitude > largest) largest = magnitude;
  }
  return Math.min(Math.max(((largest + 0xfffff) >>> 20) - SCALE_BASE, 0), LARGEST_SCALE);
}

/** Writes numbers as snorm8 of a scale, rounded to the nearest. */
function quantise(numbers: Float32Array, from: number, count: number, code: number, out: Uint8Array, to: number): void {
  scaleBits[0] = (code + SCALE_BASE) << 20;
  const steps = 127 / scaleFloat[0];
  // The largest scale is the only one that numbers can exceed.
  if (code === LARGEST_SCALE) for (let k = 0; k < count; k++) out[to + k] = rounded(cut(numbers[from + k] * steps));
  else for (let k = 0; k < count; k++) out[to + k] = rounded(numbers[from + k] * steps);
}

function cut(value: number): number {
  return Math.min(Math.max(value, -127), 127);
}
