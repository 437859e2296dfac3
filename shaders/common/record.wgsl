// One projected splat.
struct Record {
  centre: vec2f, // pixels from the top-left corner
  // A pixel at offset d from the centre lies (dot(d, whitenU), dot(d, whitenV)) standard deviations out, along the
  // two axes of the ellipse: the outer products of the two add up to the inverse of the 2D covariance.
  whitenU: vec2f,
  whitenV: vec2f,
  reach: f32, // standard deviations out at which alpha has fallen to 1/255
  opacity: f32, // 0..1, compensated where the scene is anti-aliased
  colour: vec3f, // display-referred rgb, 0 and up
}

const SMALLEST_ALPHA = 1.0 / 255.0;
