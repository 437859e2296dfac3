// World-space line segments as quads of constant width in pixels, over the splats whatever their depth.
#include "frame.wgsl"

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<uniform> style: LineStyle;
// Two vertices a segment: position, then straight-alpha rgba.
@group(0) @binding(2) var<storage, read> vertices: array<LineVertex>;

struct LineStyle {
  halfWidth: f32, // pixels
}

struct LineVertex {
  position: vec3f,
  colour: vec4f,
}

// Lines come closer than splats: the part of a segment before this share of the near distance is cut off.
const NEAR_SHARE = 0.05;

struct Varyings {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(linear) colour: vec4f,
  @location(1) @interpolate(linear) across: f32, // pixels from the line's middle
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, @builtin(instance_index) segment: u32) -> Varyings {
  var out: Varyings;
  let start = vertices[segment * 2u];
  let end = vertices[segment * 2u + 1u];
  let a = viewOf(start.position);
  let b = viewOf(end.position);
  let near = NEAR_SHARE * frame.near;
  if (max(a.z, b.z) <= near) {
    out.position = vec4f(2.0, 2.0, 2.0, 1.0);
    return out;
  }
  let cutA = select(0.0, (near - a.z) / (b.z - a.z), a.z < near);
  let cutB = select(1.0, (near - a.z) / (b.z - a.z), b.z < near);
  let pixelA = pixelOf(mix(a, b, cutA));
  let pixelB = pixelOf(mix(a, b, cutB));
  let along = pixelB - pixelA;
  var normal = vec2f(0.0, 1.0);
  if (dot(along, along) > 0.0) { normal = normalize(vec2f(-along.y, along.x)); }
  let atEnd = (corner & 1u) == 1u;
  // Half a pixel on each side fades out.
  out.across = (f32(corner >> 1u) * 2.0 - 1.0) * (style.halfWidth + 0.5);
  let pixel = select(pixelA, pixelB, atEnd) + normal * out.across;
  out.position = vec4f((pixel / frame.viewport * 2.0 - 1.0) * vec2f(1.0, -1.0), 0.0, 1.0);
  out.colour = mix(start.colour, end.colour, select(cutA, cutB, atEnd));
  return out;
}

@fragment
fn fragment(in: Varyings) -> @location(0) vec4f {
  let alpha = in.colour.a * clamp(style.halfWidth + 0.5 - abs(in.across), 0.0, 1.0);
  return vec4f(in.colour.rgb * alpha, alpha);
}

fn viewOf(position: vec3f) -> vec3f {
  let fromEye = (position - frame.eyeHigh) - frame.eyeLow;
  return vec3f(dot(frame.viewRow0, fromEye), dot(frame.viewRow1, fromEye), dot(frame.viewRow2, fromEye));
}

fn pixelOf(view: vec3f) -> vec2f {
  return view.xy / view.z * vec2f(frame.focalX, frame.focalY) + frame.principal;
}
