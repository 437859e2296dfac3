// Frustum cull, EWA projection and view-dependent colour: one invocation a splat.
// Equations of the INRIA rasteriser (Kerbl et al. 2023), the mip filter of Yu et al. 2024 for anti-aliased scenes.
// CPU twin: renderer/core/reference-render.ts.
#include "project-splat.wgsl"

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (workgroup.y * workgroups.x + workgroup.x) * 256u + lane;
  if (i >= chunk.count) { return; }
  projectSplat(i, chunk.first + i, 1.0);
}
