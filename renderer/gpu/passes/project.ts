import { computePipeline, dispatchGroups } from '../dispatch.ts';
import type { DrawnScene, SceneChunk } from '../gpu-scene.ts';
import type { Scratch } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import type { Wgsl } from '../wgsl.ts';
import { bindByName } from '../wgsl.ts';

const WORKGROUP = 256;

/**
 * Culls and projects every splat of a scene (shaders/project.wgsl), or those of chosen slots (project-slots.wgsl, and
 * project-ordered.wgsl for the scene's own splats among them).
 * Reads Frame and the scene; writes a depth key for each splat and a Record for each visible one.
 */
export class ProjectPass {
  private readonly whole: Pipeline;
  private slotted: Pipeline | undefined;
  private ordered: Pipeline | undefined;

  constructor(
    private readonly device: GPUDevice,
    private readonly frame: GPUBuffer,
    private readonly maxGroups = device.limits.maxComputeWorkgroupsPerDimension,
  ) {
    this.whole = this.make('project', shaders.project);
  }

  /** One call a chunk, valid as long as scene and scratch are. */
  bind({ chunks, slots, ordered }: DrawnScene, scratch: Scratch): ProjectCall[] {
    const call = (pipeline: Pipeline, chunk: SceneChunk, more: Readonly<Record<string, GPUBuffer>>): ProjectCall => {
      const buffers = {
        frame: this.frame,
        chunk: chunk.info.buffer,
        splats: chunk.splats,
        harmonics: chunk.harmonics,
        keys: scratch.sort.keys,
        records: scratch.records,
        ...more,
      };
      const resources = Object.fromEntries(
        Object.entries(buffers).map(([name, buffer]) => [name, { buffer }] as const),
      );
      const group = bindByName(this.device, pipeline.gpu, pipeline.wgsl, resources);
      return { pipeline: pipeline.gpu, group, splats: more['slots'] === undefined ? chunk.count : undefined };
    };
    if (slots === undefined) return chunks.map((chunk) => call(this.whole, chunk, {}));
    this.slotted ??= this.make('project-slots', shaders.projectSlots);
    const calls = chunks.map((chunk) => call(this.slotted!, chunk, { slots }));
    if (ordered === undefined) return calls;
    this.ordered ??= this.make('project-ordered', shaders.projectOrdered);
    return [...calls, call(this.ordered, ordered.chunk, { slots: ordered.slots, order: ordered.order })];
  }

  record(pass: GPUComputePassEncoder, scene: DrawnScene, calls: readonly ProjectCall[]): void {
    for (const { pipeline, group, splats } of calls) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      dispatchGroups(pass, Math.ceil((splats ?? scene.count) / WORKGROUP), this.maxGroups);
    }
  }

  private make(label: string, wgsl: Wgsl): Pipeline {
    return { gpu: computePipeline(this.device, label, wgsl.code), wgsl };
  }
}

interface Pipeline {
  readonly gpu: GPUComputePipeline;
  readonly wgsl: Wgsl;
}

/** A dispatch for a part of a scene. */
export interface ProjectCall {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Undefined for slots, of which there are no more than the frame's. */
  readonly splats: number | undefined;
}
