// Tiles, kernel 2 of a round: for each list, where each segment's part of it begins, and how long it is. Takes note of
// tiles that are done.
#include "tiles.wgsl"

@group(0) @binding(0) var<uniform> tiles: Tiles;
@group(0) @binding(1) var<storage, read> progress: Progress;
@group(0) @binding(2) var<storage, read_write> quarters: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> isDone: array<u32>;
@group(0) @binding(4) var<storage, read_write> listed: array<u32>;
@group(0) @binding(5) var<storage, read_write> lists: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let list = id.x;
  let count = listCount(tiles);
  if (list >= count) { return; }
  if (list < tilesOf(tiles)) {
    if (progress.next == 0u) { quarters[list] = vec4u(EMPTY); }
    isDone[list] = select(0u, 1u, all(quarters[list] == vec4u(DONE)));
  }
  var sum = 0u;
  for (var segment = 0u; segment < tiles.segments; segment++) {
    let at = segment * count + list;
    let own = listed[at];
    listed[at] = sum;
    sum += own;
  }
  lists[list + 1u] = sum;
}
