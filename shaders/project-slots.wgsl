// project.wgsl for the slots of a scene that were chosen for a frame: a workgroup takes 256 splats in a row.
// Equations of the INRIA rasteriser (Kerbl et al. 2023), the mip filter of Yu et al. 2024 for anti-aliased scenes.
// CPU twin: renderer/core/reference-render.ts.
#include "project-splat.wgsl"
#include "slots.wgsl"

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let slot = workgroup.y * workgroups.x + workgroup.x;
  if (slot >= slots.count) { return; }
  let entry = slots.entries[slot];
  projectSplat(numberOfEntry(entry) * 256u + lane, (slots.first + slot) * 256u + lane, weightOfEntry(entry));
}
