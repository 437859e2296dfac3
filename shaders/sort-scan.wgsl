// Radix sort, kernel 2 of a pass: one workgroup a digit turns that digit's counts into exclusive sums over the tiles.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read_write> histograms: array<u32>;
@group(0) @binding(3) var<storage, read_write> digitTotals: array<u32>;

var<workgroup> sums: array<u32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let digit = workgroup.x;
  let tiles = tileCount(inputCount(counts, sortPass));
  var carry = 0u;
  for (var base = 0u; base < tiles; base += 256u) {
    let tile = base + lane;
    var own = 0u;
    if (tile < tiles) { own = histograms[digit * tiles + tile]; }
    sums[lane] = own;
    workgroupBarrier();
    for (var step = 1u; step < 256u; step *= 2u) {
      var below = 0u;
      if (lane >= step) { below = sums[lane - step]; }
      workgroupBarrier();
      sums[lane] += below;
      workgroupBarrier();
    }
    if (tile < tiles) { histograms[digit * tiles + tile] = carry + sums[lane] - own; }
    carry += sums[255];
    workgroupBarrier();
  }
  if (lane == 0u) { digitTotals[digit] = carry; }
}
