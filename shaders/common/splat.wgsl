// What renderer/gpu/pack-splats.ts packs. Reads the module's `splats`: two planes of chunk.count vectors.
//   plane 0: x, y, z as float bits; opacity, 14 bits; number of the quaternion's largest component, 2; red as a half
//   plane 1: green and blue as halves; the quaternion's other components, three snorm16; three log-scales, 16 bits each

const OPACITY_CODES = 16383u;
// Log-scales are kept as the larger of two counts of steps: one fine, from FINE_LOG_SCALE to the largest that is drawn,
// e^20, and one coarse for what is smaller, down to the smallest float.
const COARSE_STEPS = 8192u;
const SCALE_STEPS = 65535u;
const LOWEST_LOG_SCALE = 88u; // minus it
const FINE_LOG_SCALE = 32u; // minus it
const HIGHEST_LOG_SCALE = 20u;

// World units and 0..1.
fn positionOfWords(words: vec4u) -> vec3f {
  return bitcast<vec3f>(words.xyz);
}

fn opacityOfWords(words: vec4u) -> f32 {
  return f32(words.w & OPACITY_CODES) / f32(OPACITY_CODES);
}

// The coefficients of degree 0, rgb.
fn baseColourOfWords(words: vec4u, more: vec4u) -> vec3f {
  return vec3f(unpack2x16float(words.w).y, unpack2x16float(more.x));
}

// w, x, y, z, of length 1.
fn quaternionOfWords(words: vec4u, more: vec4u) -> vec4f {
  let others = vec3f(unpack2x16snorm(more.y), unpack2x16snorm(more.z).x) * sqrt(0.5);
  let largest = sqrt(1.0 - dot(others, others));
  let place = (words.w >> 14u) & 3u;
  let low = select(vec2f(others.x, largest), vec2f(largest, others.x), place == 0u);
  let high = select(vec2f(others.z, largest), vec2f(largest, others.z), place == 2u);
  return select(vec4f(others.xy, high), vec4f(low, others.yz), place < 2u);
}

// World units.
fn scalesOfWords(more: vec4u) -> vec3f {
  let steps = vec3f(vec3u(more.z >> 16u, more.w & 0xffffu, more.w >> 16u));
  let coarse = steps * (f32(LOWEST_LOG_SCALE - FINE_LOG_SCALE) / f32(COARSE_STEPS)) - f32(LOWEST_LOG_SCALE);
  let fine = (steps - f32(COARSE_STEPS)) * (f32(FINE_LOG_SCALE + HIGHEST_LOG_SCALE) / f32(SCALE_STEPS - COARSE_STEPS))
    - f32(FINE_LOG_SCALE);
  return exp(min(coarse, fine));
}
