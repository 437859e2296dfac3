// One tight oriented quad a splat, nearest first, blended under what is already there: the target holds premultiplied
// colour and alpha, and a splat counts with what transmittance is left (source factor 1 - target alpha, target factor
// 1).
#include "frame.wgsl"
#include "record.wgsl"
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> records: array<Record>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> counts: SortCounts;

override BATCH: u32;
const LARGEST_ALPHA = 0.99;
// Hardware rounds corners to 1/256 px; this much more keeps every pixel of alpha 1/255 inside.
const MARGIN = 0.02;

struct Varyings {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(flat) centreOpacity: vec3f,
  // A pixel at offset d from the centre lies (dot(d, whiten.xy), dot(d, whiten.zw)) standard deviations out: the
  // outer products of the two add up to the inverse of the 2D covariance.
  @location(1) @interpolate(flat) whiten: vec4f,
  @location(2) @interpolate(flat) colour: vec3f,
}

@vertex
fn vertex(@builtin(vertex_index) corner: u32, @builtin(instance_index) batch: u32) -> Varyings {
  var out: Varyings;
  let rank = batch * BATCH + corner / 4u;
  if (rank >= counts.visible) {
    // The last batch's rest: all corners in one point outside the clip volume.
    out.position = vec4f(2.0, 2.0, 2.0, 1.0);
    return out;
  }
  let record = records[order[rank]];
  let side = vec2f(f32(corner & 1u), f32((corner >> 1u) & 1u)) * 2.0 - 1.0;
  let centre = recordCentre(record);
  let whiten = recordWhiten(record);
  let opacity = recordOpacity(record);
  let major = recordDirection(record);
  let minor = vec2f(-major.y, major.x);
  let reach = sqrt(2.0 * log(opacity / SMALLEST_ALPHA));
  let pixel = centre
    + side.x * major * (reach / whiten.x + MARGIN)
    + side.y * minor * (reach / whiten.y + MARGIN);
  out.position = vec4f((pixel / frame.viewport * 2.0 - 1.0) * vec2f(1.0, -1.0), 0.0, 1.0);
  out.centreOpacity = vec3f(centre, opacity);
  out.whiten = vec4f(major * whiten.x, minor * whiten.y);
  out.colour = recordColour(record);
  return out;
}

@fragment
fn fragment(in: Varyings) -> @location(0) vec4f {
  let offset = in.position.xy - in.centreOpacity.xy;
  let u = dot(offset, in.whiten.xy);
  let v = dot(offset, in.whiten.zw);
  let alpha = min(LARGEST_ALPHA, in.centreOpacity.z * exp(-0.5 * (u * u + v * v)));
  if (alpha < SMALLEST_ALPHA) { discard; }
  return vec4f(in.colour * alpha, alpha);
}
