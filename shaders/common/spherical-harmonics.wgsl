// Real spherical harmonics to degree 3 in the order and signs of Gaussian splatting files. Reads the module's
// `harmonics`, planes of chunk.count vectors that renderer/gpu/pack-splats.ts packs: coefficients as snorm8,
// coefficient-major rgb, each degree times a scale of the splat's own.
//   plane 0: the three of degree 1, its scale in byte 9, the first two of degree 3
//   plane 1: the five of degree 2, its scale in byte 15
//   plane 2: the last five of degree 3, its scale in byte 15

// A scale's lowest exponent; 5 bits of exponent and 3 of mantissa, so 2^-15 to 122,880.
const SCALE_BASE = 112u;

fn scaleOf(bits: u32) -> f32 {
  return bitcast<f32>((bits + SCALE_BASE * 8u) << 20u);
}

// The sum of a plane's five coefficients, each times its weight.
fn sumOfFive(words: vec4u, weights: vec4f, lastWeight: f32) -> vec3f {
  let a = unpack4x8snorm(words.x);
  let b = unpack4x8snorm(words.y);
  let c = unpack4x8snorm(words.z);
  let first = mat4x3f(a.xyz, vec3f(a.w, b.xy), vec3f(b.zw, c.x), c.yzw);
  return scaleOf(words.w >> 24u) * (first * weights + unpack4x8snorm(words.w).xyz * lastWeight);
}

// What degrees 1 and up add to the colour of splat i of count; `direction` leads from the camera to it, length 1.
fn shRestColour(degree: u32, i: u32, count: u32, direction: vec3f) -> vec3f {
  let x = direction.x;
  let y = direction.y;
  let z = direction.z;
  const C1 = 0.4886025119029199;
  let words = harmonics[i];
  let a = unpack4x8snorm(words.x);
  let b = unpack4x8snorm(words.y);
  let c = unpack4x8snorm(words.z);
  var rgb = scaleOf((words.z >> 8u) & 0xffu)
    * (mat3x3f(a.xyz, vec3f(a.w, b.xy), vec3f(b.zw, c.x)) * vec3f(-C1 * y, C1 * z, -C1 * x));
  if (degree == 1u) { return rgb; }
  const C2 = 1.0925484305920792;
  rgb += sumOfFive(
    harmonics[count + i],
    vec4f(
      C2 * x * y,
      -C2 * y * z,
      0.31539156525252005 * (2.0 * z * z - x * x - y * y),
      -C2 * x * z,
    ),
    0.5 * C2 * (x * x - y * y),
  );
  if (degree == 2u) { return rgb; }
  const A = 0.5900435899266435;
  const B = 2.890611442640554;
  const C = 0.4570457994644658;
  const D = 0.3731763325901154;
  let last = harmonics[2u * count + i];
  let d = unpack4x8snorm(words.w);
  let firstTwo = mat2x3f(vec3f(c.zw, d.x), d.yzw) * vec2f(-A * y * (3.0 * x * x - y * y), B * x * y * z);
  return rgb + scaleOf(last.w >> 24u) * firstTwo + sumOfFive(
    last,
    vec4f(
      -C * y * (4.0 * z * z - x * x - y * y),
      D * z * (2.0 * z * z - 3.0 * x * x - 3.0 * y * y),
      -C * x * (4.0 * z * z - x * x - y * y),
      0.5 * B * z * (x * x - y * y),
    ),
    -A * x * (x * x - 3.0 * y * y),
  );
}
