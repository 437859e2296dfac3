// Tiles, kernel 3 of a round: where each list begins, and which tiles have anything to blend. One invocation in all.
#include "tiles.wgsl"

struct Calls {
  // dispatchWorkgroupsIndirect: four invocations a tile, 64 a workgroup.
  blendX: u32,
  blendY: u32,
  blendZ: u32,
}

@group(0) @binding(0) var<uniform> tiles: Tiles;
@group(0) @binding(1) var<storage, read_write> progress: Progress;
@group(0) @binding(2) var<storage, read_write> lists: array<u32>;
@group(0) @binding(3) var<storage, read_write> work: array<u32>;
@group(0) @binding(4) var<storage, read_write> calls: Calls;

@compute @workgroup_size(1)
fn main() {
  var busy = 0u;
  var sum = 0u;
  lists[0] = 0u;
  let blocks = tilesOf(tiles);
  let count = listCount(tiles);
  for (var list = 0u; list < count; list++) {
    let own = lists[list + 1u];
    if (list < blocks && own + lists[blockList(tiles, list) + 1u] > 0u) {
      work[busy] = list;
      busy += 1u;
    }
    sum += own;
    lists[list + 1u] = sum;
  }
  calls = Calls((busy + 15u) / 16u, 1u, 1u);
  progress.busy = busy;
  progress.next += tiles.segments * SEGMENT;
}
