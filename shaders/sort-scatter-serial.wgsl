// Radix sort, kernel 3 of a pass for devices that are a processor: one invocation takes a whole tile, key after key.
// Same buffers and same result as sort-scatter.wgsl, without its barriers, which such devices wait for lane by lane.
#include "sort.wgsl"

@group(0) @binding(0) var<uniform> sortPass: SortPass;
@group(0) @binding(1) var<storage, read> counts: SortCounts;
@group(0) @binding(2) var<storage, read> keysIn: array<u32>;
@group(0) @binding(3) var<storage, read> valuesIn: array<u32>;
@group(0) @binding(4) var<storage, read> histograms: array<u32>;
@group(0) @binding(5) var<storage, read> digitTotals: array<u32>;
@group(0) @binding(6) var<storage, read_write> keysOut: array<u32>;
@group(0) @binding(7) var<storage, read_write> valuesOut: array<u32>;

// Where the digit's next key goes. Not in workgroup memory, as SwiftShader takes half a second to compile what clears
// that.
var<private> next: array<u32, DIGITS>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = (workgroup.y * workgroups.x + workgroup.x) * LANES + lane;
  let count = inputCount(counts, sortPass);
  if (tile >= tileCount(count)) { return; }

  var begin = 0u;
  for (var digit = 0u; digit < DIGITS; digit++) {
    next[digit] = begin + histograms[tile * DIGITS + digit];
    begin += digitTotals[digit];
  }
  let end = min(tile * TILE + TILE, count);
  for (var i = tile * TILE; i < end; i++) {
    let key = keysIn[i];
    if (sortPass.first == 1u && key == CULLED) { continue; }
    let digit = (key >> sortPass.shift) & 255u;
    let place = next[digit];
    next[digit] = place + 1u;
    keysOut[place] = key;
    if (sortPass.first == 1u) { valuesOut[place] = i; } else { valuesOut[place] = valuesIn[i]; }
  }
}
