// One projected splat as kept between passes: 20 bytes. Only the functions below know the layout.
struct Record {
  centreX: f32,
  centreY: f32,
  // Two floats of 5 bits of exponent and 10 of mantissa; bit 15 says which way the ellipse lies.
  whiten: u32,
  // Slope of the longer axis against the coordinate axis nearer to it, snorm16; opacity, 12 bits; exponent, 4 bits.
  shape: u32,
  colour: u32, // mantissas: red 11, green 11, blue 10 bits
}

const SMALLEST_ALPHA = 1.0 / 255.0;
// What whitens has at most 2 (the low-pass sees to it), and at least this: one over 5e8 pixels.
const SMALLEST_WHITEN = exp2(-29.0);
const WHITEN_BASE = 97u << 10u; // bits of 2^-30 as a float, without the lowest 13
const STEEP = 0x8000u;
const OPACITY_STEPS = 4095.0;
// The largest colour that fits; 64 times what saturates a picture through the smallest alpha.
const LARGEST_COLOUR = 16376.0;

// Takes what the functions below give back. `direction` has length 1, its sign does not matter.
fn packRecord(centre: vec2f, whiten: vec2f, direction: vec2f, opacity: f32, colour: vec3f) -> Record {
  let steep = abs(direction.y) > abs(direction.x);
  let slope = select(direction.y / direction.x, direction.x / direction.y, steep);
  let whitenBits = ((bitcast<vec2u>(max(whiten, vec2f(SMALLEST_WHITEN))) + 0x1000u) >> vec2u(13u)) - WHITEN_BASE;
  let opacitySteps = u32(round((opacity - SMALLEST_ALPHA) / (1.0 - SMALLEST_ALPHA) * OPACITY_STEPS));
  // All channels share the exponent of the largest one: 0 up to 0.5, 15 up to 16,384.
  let limited = min(colour, vec3f(LARGEST_COLOUR));
  let largest = max(max(limited.r, limited.g), max(limited.b, 0.25));
  let exponent = (bitcast<u32>(largest) >> 23u) - 125u;
  let steps = limited * bitcast<f32>((139u - exponent) << 23u);
  let mantissas = min(vec3u(round(steps * vec3f(1.0, 1.0, 0.5))), vec3u(2047u, 2047u, 1023u));
  return Record(
    centre.x,
    centre.y,
    whitenBits.x | select(0u, STEEP, steep) | (whitenBits.y << 16u),
    (pack2x16snorm(vec2f(slope, 0.0)) & 0xffffu) | (opacitySteps << 16u) | (exponent << 28u),
    mantissas.r | (mantissas.g << 11u) | (mantissas.b << 22u),
  );
}

// Pixels from the top-left corner.
fn recordCentre(record: Record) -> vec2f {
  return vec2f(record.centreX, record.centreY);
}

// One over the standard deviations in pixels along the ellipse's axes, the longer one first.
fn recordWhiten(record: Record) -> vec2f {
  return bitcast<vec2f>((vec2u(record.whiten & 0x7fffu, record.whiten >> 16u) + WHITEN_BASE) << vec2u(13u));
}

// Direction of the longer axis, length 1.
fn recordDirection(record: Record) -> vec2f {
  let slope = unpack2x16snorm(record.shape).x;
  return normalize(select(vec2f(1.0, slope), vec2f(slope, 1.0), (record.whiten & STEEP) != 0u));
}

// From 1/255 to 1, compensated where the scene is anti-aliased.
fn recordOpacity(record: Record) -> f32 {
  let steps = f32(extractBits(record.shape, 16u, 12u));
  return SMALLEST_ALPHA + steps * ((1.0 - SMALLEST_ALPHA) / OPACITY_STEPS);
}

// Display-referred, 0 and up.
fn recordColour(record: Record) -> vec3f {
  let mantissas = vec3u(record.colour & 2047u, (record.colour >> 11u) & 2047u, record.colour >> 22u);
  return vec3f(mantissas) * vec3f(1.0, 1.0, 2.0) * bitcast<f32>(((record.shape >> 28u) + 115u) << 23u);
}
