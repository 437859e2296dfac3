// Radix sort, kernel 1 of a pass: how often each digit occurs in each tile.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read> keysIn: array<u32>;
// Tile-major: histograms[tile * DIGITS + digit].
@group(0) @binding(3) var<storage, read_write> histograms: array<u32>;

var<workgroup> bins: array<atomic<u32>, DIGITS>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = workgroup.y * workgroups.x + workgroup.x;
  let count = inputCount(counts, sortPass);
  let tiles = tileCount(count);
  atomicStore(&bins[lane], 0u);
  workgroupBarrier();
  for (var round = 0u; round < ROUNDS; round++) {
    let i = tile * TILE + round * 256u + lane;
    if (i < count) {
      let key = keysIn[i];
      if (sortPass.first == 0u || key != CULLED) {
        atomicAdd(&bins[(key >> sortPass.shift) & 255u], 1u);
      }
    }
  }
  workgroupBarrier();
  if (tile < tiles) { histograms[tile * DIGITS + lane] = atomicLoad(&bins[lane]); }
}
