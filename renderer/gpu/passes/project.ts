import { computePipeline, dispatchGroups } from '../dispatch.ts';
import type { DrawnScene, SceneChunk } from '../gpu-scene.ts';
import type { Scratch } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import { bindByName } from '../wgsl.ts';

const WORKGROUP = 256;

/**
 * Culls and projects every splat of a scene (shaders/project.wgsl).
 * Reads Frame and the scene; writes a depth key for each splat and a Record for each visible one.
 */
export class ProjectPass {
  private readonly pipeline: GPUComputePipeline;

  constructor(
    private readonly device: GPUDevice,
    private readonly frame: GPUBuffer,
    private readonly maxGroups = device.limits.maxComputeWorkgroupsPerDimension,
  ) {
    this.pipeline = computePipeline(device, 'project', shaders.project.code);
  }

  /** One bind group a chunk, valid as long as scene and scratch are. */
  bind(scene: DrawnScene, scratch: Scratch): GPUBindGroup[] {
    return scene.chunks.map((chunk: SceneChunk) =>
      bindByName(this.device, this.pipeline, shaders.project, {
        frame: { buffer: this.frame },
        chunk: { buffer: chunk.info.buffer },
        splats: { buffer: chunk.splats },
        harmonics: { buffer: chunk.harmonics },
        keys: { buffer: scratch.sort.keys },
        records: { buffer: scratch.records },
      }),
    );
  }

  record(pass: GPUComputePassEncoder, scene: DrawnScene, groups: readonly GPUBindGroup[]): void {
    pass.setPipeline(this.pipeline);
    for (let i = 0; i < groups.length; i++) {
      pass.setBindGroup(0, groups[i]);
      dispatchGroups(pass, Math.ceil(scene.chunks[i].count / WORKGROUP), this.maxGroups);
    }
  }
}
