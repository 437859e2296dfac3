// Radix sort, kernel 1 of a pass for devices that are a processor: one invocation counts the digits of a whole tile.
// Same buffers and same result as sort-histogram.wgsl.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read> keysIn: array<u32>;
@group(0) @binding(3) var<storage, read_write> histograms: array<u32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = (workgroup.y * workgroups.x + workgroup.x) * LANES + lane;
  let count = inputCount(counts, sortPass);
  if (tile >= tileCount(count)) { return; }
  for (var digit = 0u; digit < DIGITS; digit++) { histograms[tile * DIGITS + digit] = 0u; }
  let end = min(tile * TILE + TILE, count);
  for (var i = tile * TILE; i < end; i++) {
    let key = keysIn[i];
    if (sortPass.first == 1u && key == CULLED) { continue; }
    histograms[tile * DIGITS + ((key >> sortPass.shift) & 255u)] += 1u;
  }
}
