// One projected splat as kept between passes: 32 bytes.
struct Record {
  centre: vec2f, // pixels from the top-left corner
  // One over the standard deviations in pixels along the ellipse's axes, the longer one first.
  whitenMajor: f32,
  whitenMinor: f32,
  direction: u32, // of the longer axis, length 1, two snorm16
  redGreen: u32, // display-referred, 0 and up, two halves
  blue: u32, // the lower half of it
  opacity: f32, // 0..1, compensated where the scene is anti-aliased
}

const SMALLEST_ALPHA = 1.0 / 255.0;
