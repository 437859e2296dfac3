// Radix sort, kernel 2 of a pass: turns each digit's counts into exclusive sums over the tiles. A workgroup takes
// 8 digits; for each, 32 lanes add up a run of tiles, and one barrier later know what the runs before theirs hold.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read_write> histograms: array<u32>;
@group(0) @binding(3) var<storage, read_write> digitTotals: array<u32>;

const GROUP_DIGITS = 8u;
const RUNS = 32u;
var<workgroup> runSums: array<u32, 256>; // RUNS * GROUP_DIGITS

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let digit = workgroup.x * GROUP_DIGITS + lane % GROUP_DIGITS;
  let run = lane / GROUP_DIGITS;
  let tiles = tileCount(inputCount(counts, sortPass));
  let length = (tiles + RUNS - 1u) / RUNS;
  let first = min(run * length, tiles);
  let end = min(first + length, tiles);
  var own = 0u;
  for (var tile = first; tile < end; tile++) { own += histograms[tile * DIGITS + digit]; }
  runSums[lane] = own;
  workgroupBarrier();
  var sum = 0u;
  for (var before = 0u; before < run; before++) { sum += runSums[before * GROUP_DIGITS + lane % GROUP_DIGITS]; }
  for (var tile = first; tile < end; tile++) {
    let count = histograms[tile * DIGITS + digit];
    histograms[tile * DIGITS + digit] = sum;
    sum += count;
  }
  if (run == RUNS - 1u) { digitTotals[digit] = sum; }
}
