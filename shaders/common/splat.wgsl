// What renderer/gpu/pack-splats.ts packs. Reads the module's `splats`: planes of chunk.count vectors.

// Log-scales are kept in so many steps from minus the one to the span above it: from the smallest float to beyond what
// is drawn, 5e-5 each.
const LOG_SCALE_STEPS = 2097151u;
const LOG_SCALE_SPAN = 112u;
const LOG_SCALE_BELOW_0 = 88u;

// Position and opacity.
fn positionOpacity(i: u32) -> vec4f {
  return bitcast<vec4f>(splats[i]);
}

struct RotationScales {
  quaternion: vec4f, // w, x, y, z, of length 1
  scales: vec3f, // world units
}

fn rotationAndScales(i: u32, count: u32) -> RotationScales {
  let words = splats[count + i];
  let steps = vec3u(words.z, (words.z >> 21u) | (words.w << 11u), words.w >> 10u) & vec3u(LOG_SCALE_STEPS);
  return RotationScales(
    normalize(vec4f(unpack2x16snorm(words.x), unpack2x16snorm(words.y))),
    exp(vec3f(steps) * (f32(LOG_SCALE_SPAN) / f32(LOG_SCALE_STEPS)) - f32(LOG_SCALE_BELOW_0)),
  );
}
