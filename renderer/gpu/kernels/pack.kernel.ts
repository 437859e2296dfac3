// AssemblyScript, compiled to pack-kernels.ts by `npm run kernels`: splats as shaders/common/splat.wgsl and
// spherical-harmonics.wgsl read them. Pointers are bytes of the instance's memory, which pack-splats.ts lays out.

/** Bytes of one vec4u: all planes are made of them. */
const VECTOR: usize = 16;

// Numbers that the shaders say, put here by pack-splats.ts.
export let opacityCodes: f64 = 0;
export let scaleSteps: f64 = 0;
export let coarseSteps: f64 = 0;
export let lowestLogScale: f64 = 0;
export let fineLogScale: f64 = 0;
export let coarseStepsAUnit: f64 = 0;
export let fineStepsAUnit: f64 = 0;
/** The code of a degree's scale is the upper 12 bits of its float, less this. */
export let scaleBase: i32 = 0;

/** Largest finite half. */
const LARGEST_HALF: u32 = 0x7bff;
const LARGEST_CODE: i32 = 255;

/** The nearest half of a float, both as bits; what is beyond 65,504 becomes that. */
// @ts-ignore: decorator
@inline
function halfOf(bits: u32): u32 {
  const sign = (bits >> 16) & 0x8000;
  const exponent = i32((bits >> 23) & 0xff) - 127;
  const mantissa = bits & 0x7fffff;
  if (exponent > 15) return sign | LARGEST_HALF;
  if (exponent < -24) return sign;
  const shift = exponent < -14 ? u32(-exponent - 1) : 13;
  const base: u32 = exponent < -14 ? 0x400 >> u32(-exponent - 14) : u32(exponent + 15) << 10;
  return sign | min<u32>(LARGEST_HALF, base + ((mantissa + (1 << (shift - 1))) >> shift));
}

/** The nearest whole number. */
// @ts-ignore: decorator
@inline
function rounded(value: f64): i32 {
  return i32(floor<f64>(value + 0.5));
}

/** Steps of a log-scale; what is no number becomes 0, as its splat is not drawn. */
// @ts-ignore: decorator
@inline
function stepsOf(logScale: f64): u32 {
  const steps =
    logScale < fineLogScale
      ? (logScale - lowestLogScale) * coarseStepsAUnit
      : coarseSteps + (logScale - fineLogScale) * fineStepsAUnit;
  return steps > 0 ? rounded(min<f64>(steps, scaleSteps)) : 0;
}

/**
 * Packs places and opacities, then, in a second plane, all else but the harmonics above degree 0.
 * @param drawn a byte a splat: 0 for one that can't be drawn, which becomes an invisible one
 * @param withMore whether the second plane is made
 */
export function packSplats(
  count: i32,
  drawn: usize,
  positions: usize,
  opacityLogits: usize,
  quats: usize,
  shDc: usize,
  logScales: usize,
  withMore: bool,
  out: usize,
): void {
  let more = out + VECTOR * usize(count);
  for (let i = 0; i < count; i++) {
    const isDrawn = load<u8>(drawn) !== 0;
    const w = load<f32>(quats);
    const x = load<f32>(quats, 4);
    const y = load<f32>(quats, 8);
    const z = load<f32>(quats, 12);
    // The largest component by magnitude, the first of equal ones.
    let place = 0;
    let largest = w;
    if (abs(x) > abs(largest)) { place = 1; largest = x; }
    if (abs(y) > abs(largest)) { place = 2; largest = y; }
    if (abs(z) > abs(largest)) { place = 3; largest = z; }
    let opacity = 0;
    if (isDrawn) {
      v128.store(out, v128.load(positions));
      opacity = rounded(opacityCodes / (1 + NativeMath.exp(-f64(load<f32>(opacityLogits)))));
    } else v128.store(out, i32x4.splat(0));
    store<u32>(out, u32(opacity) | (u32(place) << 14) | (halfOf(load<u32>(shDc)) << 16), 12);
    if (withMore) {
      // The largest component is given back as what the others leave of length 1, so it must be positive.
      const length = sqrt<f64>(f64(w) * w + f64(x) * x + f64(y) * y + f64(z) * z);
      const steps = copysign<f64>(Math.SQRT2, largest) * (32767.0 / length);
      const a = rounded(f64(place === 0 ? x : w) * steps);
      const b = rounded(f64(place < 2 ? y : x) * steps);
      const c = rounded(f64(place < 3 ? z : y) * steps);
      store<u32>(more, halfOf(load<u32>(shDc, 4)) | (halfOf(load<u32>(shDc, 8)) << 16));
      store<u32>(more, (a & 0xffff) | (b << 16), 4);
      store<u32>(more, (c & 0xffff) | (stepsOf(load<f32>(logScales)) << 16), 8);
      store<u32>(more, stepsOf(load<f32>(logScales, 4)) | (stepsOf(load<f32>(logScales, 8)) << 16), 12);
      more += VECTOR;
    }
    drawn += 1;
    positions += 12;
    opacityLogits += 4;
    quats += 16;
    shDc += 12;
    logScales += 12;
    out += VECTOR;
  }
}

/** Magnitudes of four floats as bits, which order as whole numbers. */
// @ts-ignore: decorator
@inline
function magnitudes(from: usize): v128 {
  return v128.and(v128.load(from), i32x4.splat(0x7fffffff));
}

/** The smallest scale that no magnitude among four lanes, as bits, exceeds, if there is one. */
// @ts-ignore: decorator
@inline
function codeOf(lanes: v128): i32 {
  const pairs = i32x4.max_u(lanes, i8x16.shuffle(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const largest = max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
  return min<i32>(max<i32>(i32((largest + 0xfffff) >> 20) - scaleBase, 0), LARGEST_CODE);
}

/** Steps of a snorm8 in a unit, of a scale's code. */
// @ts-ignore: decorator
@inline
function stepsAUnit(code: i32): v128 {
  return f32x4.splat(127 / reinterpret<f32>((code + scaleBase) << 20));
}

/** Four numbers as snorm8 of a scale, in the lowest lane. */
// @ts-ignore: decorator
@inline
function quantised(from: usize, steps: v128): v128 {
  const scaled = f32x4.nearest(f32x4.mul(v128.load(from), steps));
  // The largest scale is the only one that numbers can exceed.
  const cut = f32x4.max(f32x4.min(scaled, f32x4.splat(127)), f32x4.splat(-127));
  const words = i32x4.trunc_sat_f32x4_s(cut);
  const halves = i16x8.narrow_i32x4_s(words, words);
  return i8x16.narrow_i16x8_s(halves, halves);
}

/** Fifteen numbers as snorm8, and one byte more that stands for nothing yet. */
// @ts-ignore: decorator
@inline
function writeFifteen(from: usize, steps: v128, out: usize): void {
  v128.store32_lane(out, quantised(from, steps), 0);
  v128.store32_lane(out, quantised(from + 16, steps), 0, 4);
  v128.store32_lane(out, quantised(from + 32, steps), 0, 8);
  v128.store32_lane(out, quantised(from + 48, steps), 0, 12);
}

/**
 * Packs the harmonics above degree 0, a plane for each degree. Bytes that nothing reads hold anything.
 * @param shRest rows of 9, 24 or 45 numbers by degree, with room for one more after the last
 */
export function packHarmonics(count: i32, degree: i32, shRest: usize, out: usize): void {
  const plane = VECTOR * usize(count);
  const row: usize = degree === 1 ? 36 : degree === 2 ? 96 : 180;
  for (let i = 0; i < count; i++) {
    const own = codeOf(i32x4.max_u(i32x4.max_u(magnitudes(shRest), magnitudes(shRest + 16)), magnitudes(shRest + 20)));
    let steps = stepsAUnit(own);
    v128.store32_lane(out, quantised(shRest, steps), 0);
    v128.store32_lane(out, quantised(shRest + 16, steps), 0, 4);
    v128.store8_lane(out, quantised(shRest + 32, steps), 0, 8);
    store<u8>(out, own, 9);
    if (degree > 1) {
      const from = shRest + 36;
      const upper = i32x4.max_u(magnitudes(from), magnitudes(from + 16));
      const second = codeOf(i32x4.max_u(upper, i32x4.max_u(magnitudes(from + 32), magnitudes(from + 44))));
      writeFifteen(from, stepsAUnit(second), out + plane);
      store<u8>(out + plane, second, 15);
    }
    if (degree > 2) {
      const from = shRest + 96;
      const upper = i32x4.max_u(magnitudes(from), magnitudes(from + 16));
      const middle = i32x4.max_u(magnitudes(from + 32), magnitudes(from + 48));
      const lower = i32x4.max_u(magnitudes(from + 64), magnitudes(from + 68));
      const third = codeOf(i32x4.max_u(i32x4.max_u(upper, middle), lower));
      steps = stepsAUnit(third);
      v128.store32_lane(out, quantised(from, steps), 0, 10);
      v128.store16_lane(out, quantised(from + 16, steps), 0, 14);
      writeFifteen(from + 24, steps, out + 2 * plane);
      store<u8>(out + 2 * plane, third, 15);
    }
    shRest += row;
    out += VECTOR;
  }
}

/** First byte that nothing of the module's own lies in. */
export function firstFreeByte(): usize {
  return __heap_base;
}
