// Tiles, kernel 4 of a round: writes the lists, each nearest first.
#include "tiles.wgsl"

@group(0) @binding(0) var<uniform> tiles: Tiles;
@group(0) @binding(1) var<storage, read> lists: array<u32>;
@group(0) @binding(2) var<storage, read> pairs: array<u32>;
@group(0) @binding(3) var<storage, read_write> listed: array<u32>;
@group(0) @binding(4) var<storage, read_write> entries: array<u32>;

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let segment = id.x;
  if (segment >= tiles.segments) { return; }
  let base = segment * listCount(tiles);
  let region = segment * tiles.pairs;
  let end = pairs[region];
  for (var pair = region + 1u; pair < end; pair++) {
    let word = pairs[pair];
    let list = word >> SEGMENT_BITS;
    let place = listed[base + list];
    listed[base + list] = place + 1u;
    entries[lists[list] + place] = segment * SEGMENT + (word & (SEGMENT - 1u));
  }
}
