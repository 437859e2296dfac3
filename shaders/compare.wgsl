// Makes one picture of two accumulation textures: parts of both beside each other, or their difference as colours.
struct Compare {
  background: vec4f, // premultiplied rgb and alpha
  divider: vec3f, // rgb
  dividerFrom: f32, // pixels along the axis between which the divider lies
  dividerTo: f32,
  splitAt: f32, // pixels along the axis: before lies short of it
  axis: u32, // 0: along x, 1: along y
  measure: u32, // of the heat map: one of the constants below
  largest: f32, // luma difference at the end of the colour map
  decibels: f32, // span of the colour map below it
  afterOrigin: vec2f, // pixels from the target's top-left corner to that of the after texture
}

@group(0) @binding(0) var<uniform> compare: Compare;
@group(0) @binding(1) var before: texture_2d<f32>;
@group(0) @binding(2) var after: texture_2d<f32>;
@group(0) @binding(3) var colourMap: texture_2d<f32>;

const ABSOLUTE = 0u;
const DECIBEL = 1u;
const SIGNED = 2u;
const LUMA = vec3f(0.2126, 0.7152, 0.0722);

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1u) * 4.0 - 1.0, f32(corner >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn parts(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let along = position[compare.axis];
  if (along >= compare.dividerFrom && along < compare.dividerTo) { return vec4f(compare.divider, 1.0); }
  if (along < compare.splitAt) { return over(textureLoad(before, vec2u(position.xy), 0)); }
  return over(textureLoad(after, vec2u(position.xy - compare.afterOrigin), 0));
}

@fragment
fn heat(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let pixel = vec2u(position.xy);
  let difference = luma(textureLoad(after, pixel, 0)) - luma(textureLoad(before, pixel, 0));
  var place = abs(difference) / compare.largest;
  if (compare.measure == SIGNED) { place = 0.5 + 0.5 * difference / compare.largest; }
  if (compare.measure == DECIBEL) {
    const PER_DECIBEL = 6.020599913279624; // 20 log10(x) = this log2(x)
    place = 1.0 + PER_DECIBEL * log2(max(place, 1e-9)) / compare.decibels;
  }
  let entries = f32(textureDimensions(colourMap).x);
  let entry = u32(floor(clamp(place, 0.0, 1.0) * (entries - 1.0) + 0.5));
  return vec4f(textureLoad(colourMap, vec2u(entry, compare.measure), 0).rgb, 1.0);
}

fn over(splats: vec4f) -> vec4f {
  return splats + (1.0 - splats.a) * compare.background;
}

// As the screen shows it: over the background, cut off at 0 and 1.
fn luma(splats: vec4f) -> f32 {
  return dot(clamp(over(splats).rgb, vec3f(0.0), vec3f(1.0)), LUMA);
}
