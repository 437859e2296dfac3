// Radix sort, kernel 2 of a pass for devices that are a processor: one invocation sums up 8 digits over all tiles.
// Same buffers and same result as sort-scan.wgsl.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read_write> histograms: array<u32>;
@group(0) @binding(3) var<storage, read_write> digitTotals: array<u32>;

const GROUP_DIGITS = 8u;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) workgroup: vec3u) {
  let tiles = tileCount(inputCount(counts, sortPass));
  for (var digit = workgroup.x * GROUP_DIGITS; digit < (workgroup.x + 1u) * GROUP_DIGITS; digit++) {
    var sum = 0u;
    for (var tile = 0u; tile < tiles; tile++) {
      let count = histograms[tile * DIGITS + digit];
      histograms[tile * DIGITS + digit] = sum;
      sum += count;
    }
    digitTotals[digit] = sum;
  }
}
