import type { CameraParameters } from '../core/camera-parameters.ts';
import type { Accumulation, AccumulationFormat } from './accumulation.ts';
import type { BlendPass, Blending, Scissor } from './blending.ts';
import { FrameUniforms, NO_SCENE } from './frame-uniforms.ts';
import type { DrawnScene } from './gpu-scene.ts';
import { DrawPass } from './passes/draw.ts';
import type { ProjectCall } from './passes/project.ts';
import { ProjectPass } from './passes/project.ts';
import { SortPass, type SortBindings } from './passes/sort.ts';
import { TilesPass } from './passes/tiles.ts';
import type { FrameProfiler } from './profiler.ts';
import { Scratch } from './scratch.ts';

interface SceneBindings {
  readonly scratch: Scratch;
  readonly project: ProjectCall[];
}

/**
 * Blends the splats of a scene, as a camera sees them, into an accumulation texture: project, sort, draw.
 * Owns what all scenes share: frame uniforms, sort buffers and records, made when a scene needs more, never per frame.
 */
export class SplatAccumulator {
  readonly frame: FrameUniforms;
  private readonly project: ProjectPass;
  private readonly sort: SortPass;
  private readonly blend: BlendPass;
  private readonly projectPass: GPUComputePassDescriptor = { label: 'project' };
  private readonly sortPass: GPUComputePassDescriptor = { label: 'sort' };

  private scratch: Scratch | undefined;
  private sortBindings: SortBindings | undefined;
  private readonly sceneBindings = new WeakMap<DrawnScene, SceneBindings>();
  private readonly keyCount = new Uint32Array(1);

  constructor(
    private readonly device: GPUDevice,
    { format, blending }: { readonly format: AccumulationFormat; readonly blending: Blending },
    private readonly profiler: FrameProfiler | undefined,
  ) {
    this.frame = new FrameUniforms(device);
    this.project = new ProjectPass(device, this.frame.buffer);
    this.sort = new SortPass(device);
    this.blend =
      blending === 'tiles'
        ? new TilesPass(device, profiler)
        : new DrawPass(device, this.frame.buffer, format, profiler);
  }

  /**
   * Records all passes. The frame uniforms are queued now, so the encoder must be submitted before the next call.
   * @param target of the picture's size
   * @param scene null for an empty picture
   * @throws SplatError `out-of-memory` on the first frame of a scene that the device cannot draw
   */
  record(
    encoder: GPUCommandEncoder,
    target: Accumulation,
    scene: DrawnScene | null,
    camera: CameraParameters,
    scissor?: Scissor,
  ): void {
    const visible = this.prepare(encoder, target, scene, camera, scissor);
    if (visible) this.blend.recordWhole(encoder, target, scene!.count);
    else encoder.beginRenderPass(target.pass).end();
  }

  /**
   * Records what comes before blending, and says whether there is anything to blend. The frame uniforms are queued now.
   * Throws as `record`.
   */
  prepare(
    encoder: GPUCommandEncoder,
    target: Accumulation,
    scene: DrawnScene | null,
    camera: CameraParameters,
    scissor?: Scissor,
  ): boolean {
    this.frame.write(camera, target.width, target.height, scene ?? NO_SCENE);
    const visible = scene !== null && scene.count > 0;
    if (visible) {
      this.recordCompute(encoder, scene);
      this.blend.prepare(this.scratch!, target, scissor);
    }
    return visible;
  }

  /**
   * Records blending of the splats of `count` ranks, nearest first, from `first` on: 0, which begins the picture, or a
   * multiple of QUADS_PER_INSTANCE. What was prepared last is drawn; one part a submission, then `finishParts`.
   */
  recordPart(encoder: GPUCommandEncoder, target: Accumulation, first: number, count: number): void {
    this.blend.recordPart(encoder, target, first, count);
  }

  /** Records what the picture lacks after its last part. */
  finishParts(encoder: GPUCommandEncoder, target: Accumulation): void {
    this.blend.finish(encoder, target);
  }

  /** Gives back the buffers whose size follows the number of splats; the next frame makes them again. */
  release(): void {
    this.scratch?.destroy();
    this.scratch = undefined;
    this.blend.release();
  }

  destroy(): void {
    this.release();
    this.sort.destroy();
    this.blend.destroy();
    this.frame.destroy();
  }

  private recordCompute(encoder: GPUCommandEncoder, scene: DrawnScene): void {
    const { project, scratch } = this.bindingsOf(scene);
    if (this.keyCount[0] !== scene.count) {
      this.keyCount[0] = scene.count;
      this.device.queue.writeBuffer(scratch.sort.counts, 0, this.keyCount);
    }
    this.profiler?.time(this.projectPass, 'project');
    const projecting = encoder.beginComputePass(this.projectPass);
    this.project.record(projecting, scene, project);
    projecting.end();
    this.profiler?.time(this.sortPass, 'sort');
    const sorting = encoder.beginComputePass(this.sortPass);
    this.sort.record(sorting, this.sortBindings!, scene.count);
    sorting.end();
  }

  private bindingsOf(scene: DrawnScene): SceneBindings {
    const known = this.sceneBindings.get(scene);
    if (known !== undefined && known.scratch === this.scratch) return known;
    let { scratch } = this;
    const most = scene.capacity ?? scene.count;
    if (scratch === undefined || scratch.capacity < most) {
      const larger = new Scratch(this.device, most);
      scratch?.destroy();
      scratch = larger;
      this.scratch = scratch;
      this.keyCount[0] = 0;
      this.sortBindings = this.sort.bind(scratch.sort);
    }
    const bindings = { scratch, project: this.project.bind(scene, scratch) };
    this.sceneBindings.set(scene, bindings);
    return bindings;
  }
}
