// Radix sort, kernel 2 of a pass for devices that are a processor: an invocation sums up a digit over all tiles.
// Same buffers and same result as sort-scan.wgsl.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read_write> histograms: array<u32>;
@group(0) @binding(3) var<storage, read_write> digitTotals: array<u32>;

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let tiles = tileCount(inputCount(counts, sortPass));
  let digit = id.x;
  var sum = 0u;
  for (var tile = 0u; tile < tiles; tile++) {
    let count = histograms[tile * DIGITS + digit];
    histograms[tile * DIGITS + digit] = sum;
    sum += count;
  }
  digitTotals[digit] = sum;
}
