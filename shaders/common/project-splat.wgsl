// What all modules that project splats have: their bindings, and what becomes of a splat.
#include "frame.wgsl"
#include "chunk.wgsl"
#include "record.wgsl"
#include "splat.wgsl"
#include "spherical-harmonics.wgsl"
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<uniform> chunk: Chunk;
// Planes of chunk.count vectors, see splat.wgsl.
@group(0) @binding(2) var<storage, read> splats: array<vec4u>;
// Planes of chunk.count vectors, see spherical-harmonics.wgsl.
@group(0) @binding(3) var<storage, read> harmonics: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> keys: array<u32>;
@group(0) @binding(5) var<storage, read_write> records: array<Record>;

const LOW_PASS = 0.3;

// Projects splat i of a chunk and writes what becomes of it as number `index` of the frame.
//
// A splat of less than all `weight` leaves as much of what is behind as all of it would, to the power of the weight: so
// weights that add up to 1 hide as much together as one whole splat.
fn projectSplat(i: u32, index: u32, weight: f32) {
  keys[index] = CULLED;

  let words = splats[i];
  var opacity = opacityOfWords(words);
  if (weight < 1.0) { opacity = 1.0 - pow(1.0 - min(opacity, 0.99), weight); }
  if (opacity < SMALLEST_ALPHA) { return; }
  let fromEye = (positionOfWords(words) - frame.eyeHigh) - frame.eyeLow;
  let view = vec3f(dot(frame.viewRow0, fromEye), dot(frame.viewRow1, fromEye), dot(frame.viewRow2, fromEye));
  if (view.z <= frame.near) { return; }

  // Rows of Jacobian times rotation, then in the splat's own axes times its scales: covariance = M Mᵀ.
  let slope = clamp(view.xy / view.z, frame.slopeMin, frame.slopeMax);
  let more = splats[chunk.count + i];
  let axes = rotation(quaternionOfWords(words, more));
  let scales = scalesOfWords(more);
  let m0 = (((frame.viewRow0 - slope.x * frame.viewRow2) * (frame.focalX / view.z)) * axes) * scales;
  let m1 = (((frame.viewRow1 - slope.y * frame.viewRow2) * (frame.focalY / view.z)) * axes) * scales;
  let a = dot(m0, m0);
  let b = dot(m0, m1);
  let c = dot(m1, m1);

  // Eigenvalues of the filtered covariance. The determinant comes from the cross product (Lagrange's identity):
  // a c - b² would lose all digits of a needle's width.
  let half = 0.5 * (a - c);
  let radius = length(vec2f(half, b));
  let major = 0.5 * (a + c) + radius + LOW_PASS;
  let area = cross(m0, m1) * inverseSqrt(major);
  let minorBefore = dot(area, area);
  let minor = minorBefore + (LOW_PASS * (a + c) + LOW_PASS * LOW_PASS) / major;
  if (frame.antialiased == 1u) { opacity *= sqrt(minorBefore / minor); }
  if (opacity < SMALLEST_ALPHA) { return; }

  let centre = view.xy / view.z * vec2f(frame.focalX, frame.focalY) + frame.principal;
  let reach = sqrt(2.0 * log(255.0 * opacity));
  let extent = reach * sqrt(vec2f(a, c) + LOW_PASS);
  if (any(centre + extent < vec2f(0.0)) || any(centre - extent > frame.viewport)) { return; }

  var direction = vec2f(1.0, 0.0);
  if (radius > 0.0) {
    direction = normalize(select(vec2f(b, radius - half), vec2f(radius + half, b), half >= 0.0));
  }
  let colour = colourOf(i, baseColourOfWords(words, more), normalize(fromEye));
  records[index] = packRecord(centre, inverseSqrt(vec2f(major, minor)), direction, opacity, colour);
  keys[index] = depthKey(view.z);
}

// Colour of splat i from its coefficients of degree 0, seen in a direction of length 1.
fn colourOf(i: u32, base: vec3f, direction: vec3f) -> vec3f {
  const C0 = 0.28209479177387814;
  if (chunk.shDegree == PAINTED) { return unpack4x8unorm(harmonics[i >> 2u][i & 3u]).rgb; }
  var rgb = C0 * base + 0.5;
  if (chunk.shDegree > 0u) { rgb += shRestColour(chunk.shDegree, i, chunk.count, direction); }
  return max(rgb, vec3f(0.0));
}

// Float bits of positive numbers sort as integers. Counted from the near plane and without the lowest 4 bits they fit
// 24 up to 4e9 near distances: splats within 2 millionths of each other's depth, which is what the rounding of the view
// transform leaves anyway, count as equally far and keep the scene's order.
fn depthKey(depth: f32) -> u32 {
  return min((bitcast<u32>(depth) - bitcast<u32>(frame.near)) >> 4u, 0xffffffu);
}

// Columns: the splat's axes in world space.
fn rotation(q: vec4f) -> mat3x3f {
  let w = q.x;
  let x = q.y;
  let y = q.z;
  let z = q.w;
  return mat3x3f(
    1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y),
    2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x),
    2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y),
  );
}
