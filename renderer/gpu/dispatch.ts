/** Dispatches `groups` workgroups, as rows of at most `limit` where they are more than one dimension takes. */
export function dispatchGroups(pass: GPUComputePassEncoder, groups: number, limit: number): void {
  if (groups === 0) return;
  pass.dispatchWorkgroups(Math.min(groups, limit), Math.ceil(groups / limit));
}

export function computePipeline(
  device: GPUDevice,
  label: string,
  code: string,
  constants: Record<string, number> = {},
): GPUComputePipeline {
  return device.createComputePipeline({
    label,
    layout: 'auto',
    compute: { module: device.createShaderModule({ label, code }), constants },
  });
}
