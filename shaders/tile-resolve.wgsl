// Tiles, after the last round: writes the picture, premultiplied colour and alpha.
#include "tiles.wgsl"

@group(0) @binding(0) var<uniform> tiles: Tiles;
@group(0) @binding(1) var<storage, read> pixels: array<array<mat4x4f, 4>>;
@group(0) @binding(2) var<storage, read> quarters: array<u32>;
@group(0) @binding(3) var accumulated: texture_storage_2d<rgba32float, write>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let at = id.xy;
  if (any(at >= textureDimensions(accumulated))) { return; }
  let place = at / TILE_PIXELS;
  let part = (at >> vec2u(2u)) & vec2u(1u);
  let quarter = (place.y * tiles.columns + place.x) * 4u + part.y * 2u + part.x;
  let inside = at & vec2u(3u);
  let row = pixels[quarter][inside.y];
  let x = inside.x;
  let position = vec2f(at) + 0.5;
  let isDrawn = quarters[quarter] != EMPTY && all(position > tiles.start) && all(position < tiles.end);
  textureStore(accumulated, at, select(vec4f(0.0), vec4f(row[0][x], row[1][x], row[2][x], 1.0 - row[3][x]), isDrawn));
}
