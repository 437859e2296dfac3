// Radix sort, after the first scan: how many keys are drawn, and from that the sizes of every later indirect call.
#include "sort.wgsl"

struct IndirectCalls {
  // dispatchWorkgroupsIndirect: one workgroup a tile of the later passes.
  tilesX: u32,
  tilesY: u32,
  tilesZ: u32,
  // drawIndexedIndirect: batches of BATCH quads, six indices each.
  indexCount: u32,
  instanceCount: u32,
  firstIndex: u32,
  baseVertex: u32,
  firstInstance: u32,
}

@group(0) @binding(0) var<storage, read> digitTotals: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: SortCounts;
@group(0) @binding(2) var<storage, read_write> calls: IndirectCalls;

override BATCH: u32;
override MAX_WORKGROUPS: u32;

var<workgroup> sum: atomic<u32>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) lane: u32) {
  atomicAdd(&sum, digitTotals[lane]);
  workgroupBarrier();
  if (lane != 0u) { return; }
  let visible = atomicLoad(&sum);
  counts.visible = visible;
  let tiles = tileCount(visible);
  calls.tilesX = min(tiles, MAX_WORKGROUPS);
  calls.tilesY = (tiles + MAX_WORKGROUPS - 1u) / MAX_WORKGROUPS;
  calls.tilesZ = 1u;
  calls.indexCount = 6u * BATCH;
  calls.instanceCount = (visible + BATCH - 1u) / BATCH;
  calls.firstIndex = 0u;
  calls.baseVertex = 0u;
  calls.firstInstance = 0u;
}
