// project-slots.wgsl for a scene whose splats lie in another order: a workgroup takes 256 of them.
// Equations of the INRIA rasteriser (Kerbl et al. 2023), the mip filter of Yu et al. 2024 for anti-aliased scenes.
// CPU twin: renderer/core/reference-render.ts.
#include "project-splat.wgsl"
#include "slots.wgsl"

// Rows of the scene's splats.
@group(0) @binding(7) var<storage, read> order: array<u32>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let slot = workgroup.y * workgroups.x + workgroup.x;
  if (slot >= slots.count) { return; }
  let entry = slots.entries[slot];
  let place = numberOfEntry(entry) * 256u + lane;
  let index = (slots.first + slot) * 256u + lane;
  if (place >= arrayLength(&order)) {
    keys[index] = CULLED;
    return;
  }
  projectSplat(order[place], index, weightOfEntry(entry));
}
