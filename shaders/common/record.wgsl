// One projected splat as kept between passes: 32 bytes. Only the functions below know the layout.
struct Record {
  centre: vec2f,
  whiten: vec2f,
  direction: u32, // two snorm16
  redGreen: u32, // two halves
  blue: u32, // the lower half of it
  opacity: f32,
}

const SMALLEST_ALPHA = 1.0 / 255.0;
const LARGEST_HALF = 65504.0;

// Takes what the functions below give back. `direction` has length 1.
fn packRecord(centre: vec2f, whiten: vec2f, direction: vec2f, opacity: f32, colour: vec3f) -> Record {
  let halves = min(colour, vec3f(LARGEST_HALF));
  return Record(
    centre,
    whiten,
    pack2x16snorm(direction),
    pack2x16float(halves.rg),
    pack2x16float(vec2f(halves.b, 0.0)),
    opacity,
  );
}

// Pixels from the top-left corner.
fn recordCentre(record: Record) -> vec2f {
  return record.centre;
}

// One over the standard deviations in pixels along the ellipse's axes, the longer one first.
fn recordWhiten(record: Record) -> vec2f {
  return record.whiten;
}

// Direction of the longer axis, length 1.
fn recordDirection(record: Record) -> vec2f {
  return normalize(unpack2x16snorm(record.direction));
}

// 0..1, compensated where the scene is anti-aliased.
fn recordOpacity(record: Record) -> f32 {
  return record.opacity;
}

// Display-referred, 0 and up.
fn recordColour(record: Record) -> vec3f {
  return vec3f(unpack2x16float(record.redGreen), unpack2x16float(record.blue).x);
}
