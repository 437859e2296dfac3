// Radix sort, kernel 3 of a pass: writes each key and value to its place. Stable and without subgroups: in each round
// of 256 keys every lane sets its bit in the mask of its digit, and its rank is the number of bits below its own.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read> keysIn: array<u32>;
@group(0) @binding(3) var<storage, read> valuesIn: array<u32>;
@group(0) @binding(4) var<storage, read> histograms: array<u32>;
@group(0) @binding(5) var<storage, read> digitTotals: array<u32>;
@group(0) @binding(6) var<storage, read_write> keysOut: array<u32>;
@group(0) @binding(7) var<storage, read_write> valuesOut: array<u32>;

const WORDS = 8u; // 256 lanes in words of 32 bits
var<workgroup> masks: array<atomic<u32>, 2048>; // DIGITS * WORDS, word-major
var<workgroup> next: array<u32, DIGITS>; // where the digit's next key goes
var<workgroup> blockSums: array<u32, 16>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = workgroup.y * workgroups.x + workgroup.x;
  let count = inputCount(counts, sortPass);
  let tiles = tileCount(count);
  if (tile >= tiles) { return; }

  // Where the digit begins: the totals of all digits below it, by blocks of 16 to need few barriers.
  if (lane < 16u) {
    var sum = 0u;
    for (var digit = lane * 16u; digit < lane * 16u + 16u; digit++) { sum += digitTotals[digit]; }
    blockSums[lane] = sum;
  }
  workgroupBarrier();
  var begin = histograms[tile * DIGITS + lane];
  for (var block = 0u; block < lane / 16u; block++) { begin += blockSums[block]; }
  for (var digit = lane / 16u * 16u; digit < lane; digit++) { begin += digitTotals[digit]; }
  next[lane] = begin;
  for (var word = 0u; word < WORDS; word++) { atomicStore(&masks[word * DIGITS + lane], 0u); }
  workgroupBarrier();

  let ownWord = lane / 32u;
  let ownBit = 1u << (lane & 31u);
  let rounds = min(ROUNDS, (count - tile * TILE + 255u) / 256u);
  for (var round = 0u; round < rounds; round++) {
    let i = tile * TILE + round * 256u + lane;
    var key = CULLED;
    var valid = false;
    if (i < count) {
      key = keysIn[i];
      valid = sortPass.first == 0u || key != CULLED;
    }
    let digit = (key >> sortPass.shift) & 255u;
    if (valid) { atomicOr(&masks[ownWord * DIGITS + digit], ownBit); }
    workgroupBarrier();
    var rank = 0u;
    var inRound = 0u;
    if (valid) {
      for (var word = 0u; word < WORDS; word++) {
        let mask = atomicLoad(&masks[word * DIGITS + digit]);
        inRound += countOneBits(mask);
        if (word < ownWord) { rank += countOneBits(mask); }
        if (word == ownWord) { rank += countOneBits(mask & (ownBit - 1u)); }
      }
      let place = next[digit] + rank;
      keysOut[place] = key;
      if (sortPass.first == 1u) { valuesOut[place] = i; } else { valuesOut[place] = valuesIn[i]; }
    }
    workgroupBarrier();
    // The digit's first lane clears up for the next round.
    if (valid && rank == 0u) {
      next[digit] += inRound;
      for (var word = 0u; word < WORDS; word++) { atomicStore(&masks[word * DIGITS + digit], 0u); }
    }
    workgroupBarrier();
  }
}
