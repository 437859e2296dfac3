import { computePipeline, dispatchGroups } from '../dispatch.ts';
import type { DrawnScene, SceneChunk } from '../gpu-scene.ts';
import type { Scratch } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import { bindByName } from '../wgsl.ts';

const WORKGROUP = 256;

/**
 * Culls and projects every splat of a scene (shaders/project.wgsl), or those of chosen slots (project-slots.wgsl).
 * Reads Frame and the scene; writes a depth key for each splat and a Record for each visible one.
 */
export class ProjectPass {
  private readonly pipeline: GPUComputePipeline;
  private slotsPipeline: GPUComputePipeline | undefined;

  constructor(
    private readonly device: GPUDevice,
    private readonly frame: GPUBuffer,
    private readonly maxGroups = device.limits.maxComputeWorkgroupsPerDimension,
  ) {
    this.pipeline = computePipeline(device, 'project', shaders.project.code);
  }

  /** One bind group a chunk, valid as long as scene and scratch are. */
  bind({ chunks, slots }: DrawnScene, scratch: Scratch): GPUBindGroup[] {
    return chunks.map((chunk: SceneChunk) => {
      const common = {
        frame: { buffer: this.frame },
        chunk: { buffer: chunk.info.buffer },
        splats: { buffer: chunk.splats },
        harmonics: { buffer: chunk.harmonics },
        keys: { buffer: scratch.sort.keys },
        records: { buffer: scratch.records },
      };
      return slots === undefined
        ? bindByName(this.device, this.pipeline, shaders.project, common)
        : bindByName(this.device, this.ofSlots(), shaders.projectSlots, { ...common, slots: { buffer: slots } });
    });
  }

  record(pass: GPUComputePassEncoder, scene: DrawnScene, groups: readonly GPUBindGroup[]): void {
    const isWhole = scene.slots === undefined;
    pass.setPipeline(isWhole ? this.pipeline : this.ofSlots());
    for (let i = 0; i < groups.length; i++) {
      pass.setBindGroup(0, groups[i]);
      const splats = isWhole ? scene.chunks[i].count : scene.count;
      dispatchGroups(pass, Math.ceil(splats / WORKGROUP), this.maxGroups);
    }
  }

  private ofSlots(): GPUComputePipeline {
    this.slotsPipeline ??= computePipeline(this.device, 'project-slots', shaders.projectSlots.code);
    return this.slotsPipeline;
  }
}
