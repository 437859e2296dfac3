import type { CameraParameters } from '../core/camera-parameters.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { FrameUniforms } from './frame-uniforms.ts';
import { GpuScene, type UploadOptions } from './gpu-scene.ts';
import { DrawPass, preferredAccumulation, type AccumulationFormat } from './passes/draw.ts';
import { LinesPass, type LineSet } from './passes/lines.ts';
import { PresentPass } from './passes/present.ts';
import { ProjectPass } from './passes/project.ts';
import { SortPass, type SortBindings } from './passes/sort.ts';
import { Scratch } from './scratch.ts';

export interface RenderTarget {
  readonly view: GPUTextureView;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface RenderOptions {
  /** Display-referred rgb 0..1. */
  readonly background: readonly [number, number, number];
  /** false: leave the background out and write premultiplied colour with alpha. Default true. */
  readonly opaque?: boolean;
  /** Drawn over the splats, in order. */
  readonly lines?: readonly LineSet[];
}

export interface SplatRendererOptions {
  /** Format of the targets that will be passed to `render`. */
  readonly format: GPUTextureFormat;
  /** Format to blend in, see `preferredAccumulation`; rgba32float needs the device feature float32-blendable. */
  readonly accumulation?: AccumulationFormat;
}

interface SceneBindings {
  readonly scratch: Scratch;
  readonly project: GPUBindGroup[];
}

/**
 * Draws splat scenes: project, sort, draw, present, all on the device and for the camera at hand, so no frame lags.
 * One renderer draws any number of GpuScenes; textures and buffers are made when size or scene change, never per frame.
 */
export class SplatRenderer {
  readonly format: GPUTextureFormat;
  private readonly frame: FrameUniforms;
  private readonly project: ProjectPass;
  private readonly sort: SortPass;
  private readonly draw: DrawPass;
  private readonly present: PresentPass;
  private readonly overlay: LinesPass;
  private readonly accumulation: AccumulationFormat;

  private scratch: Scratch | undefined;
  private sortBindings: SortBindings | undefined;
  private drawGroup: GPUBindGroup | undefined;
  private readonly sceneBindings = new WeakMap<GpuScene, SceneBindings>();
  private readonly keyCount = new Uint32Array(1);

  private accumulated: GPUTexture | undefined;
  private presentGroup: GPUBindGroup | undefined;
  private readonly accumulateAttachment: GPURenderPassColorAttachment;
  private readonly accumulatePass: GPURenderPassDescriptor;
  private readonly targetAttachment: GPURenderPassColorAttachment;
  private readonly targetPass: GPURenderPassDescriptor;

  constructor(private readonly device: GPUDevice, options: SplatRendererOptions) {
    this.format = options.format;
    this.accumulation = options.accumulation ?? preferredAccumulation(device);
    this.frame = new FrameUniforms(device);
    this.project = new ProjectPass(device, this.frame.buffer);
    this.sort = new SortPass(device);
    this.draw = new DrawPass(device, this.frame.buffer, this.accumulation);
    this.present = new PresentPass(device, options.format);
    this.overlay = new LinesPass(device, this.frame.buffer, options.format);
    // Descriptors live as long as the renderer: a frame only swaps the views.
    const attachment = (): GPURenderPassColorAttachment => ({ view: undefined as unknown as GPUTextureView, loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] });
    this.accumulateAttachment = attachment();
    this.accumulatePass = { label: 'draw', colorAttachments: [this.accumulateAttachment] };
    this.targetAttachment = attachment();
    this.targetPass = { label: 'present', colorAttachments: [this.targetAttachment] };
  }

  /**
   * Puts a scene on the device; the caller destroys it.
   * @throws SplatError `out-of-memory` where the device's limits are too small; a device that runs out later reports
   *   through `onError` of requestRenderDevice
   */
  uploadScene(scene: SplatScene, options: UploadOptions = {}): GpuScene {
    return new GpuScene(this.device, scene, options);
  }

  /**
   * Records and submits one frame.
   * @param scene null for the background (and lines) alone
   * @throws SplatError `out-of-memory` on the first frame of a scene that the device cannot draw
   */
  render(target: RenderTarget, scene: GpuScene | null, camera: CameraParameters, options: RenderOptions): void {
    const { device } = this;
    const { width, height } = target;
    this.resize(width, height);
    this.frame.write(camera, width, height, scene?.antialiased ?? false);
    this.present.setBackground(options.background, options.opaque === false ? 0 : 1);

    const encoder = device.createCommandEncoder();
    const visible = scene !== null && scene.count > 0;
    if (visible) this.recordCompute(encoder, scene);

    const drawing = encoder.beginRenderPass(this.accumulatePass);
    if (visible) this.draw.record(drawing, this.drawGroup!, this.sortBindings!.calls);
    drawing.end();

    this.targetAttachment.view = target.view;
    const presenting = encoder.beginRenderPass(this.targetPass);
    this.present.record(presenting, this.presentGroup!);
    if (options.lines !== undefined) for (const lines of options.lines) this.overlay.record(presenting, lines);
    presenting.end();
    device.queue.submit([encoder.finish()]);
  }

  destroy(): void {
    this.scratch?.destroy();
    this.accumulated?.destroy();
    this.sort.destroy();
    this.draw.destroy();
    this.present.destroy();
    this.frame.destroy();
  }

  private recordCompute(encoder: GPUCommandEncoder, scene: GpuScene): void {
    const { project, scratch } = this.bindingsOf(scene);
    if (this.keyCount[0] !== scene.count) {
      this.keyCount[0] = scene.count;
      this.device.queue.writeBuffer(scratch.sort.counts, 0, this.keyCount);
    }
    const compute = encoder.beginComputePass();
    this.project.record(compute, scene, project);
    this.sort.record(compute, this.sortBindings!, scene.count);
    compute.end();
  }

  private bindingsOf(scene: GpuScene): SceneBindings {
    const known = this.sceneBindings.get(scene);
    if (known !== undefined && known.scratch === this.scratch) return known;
    let { scratch } = this;
    if (scratch === undefined || scratch.capacity < scene.count) {
      const larger = new Scratch(this.device, scene.count);
      scratch?.destroy();
      scratch = larger;
      this.scratch = scratch;
      this.keyCount[0] = 0;
      this.sortBindings = this.sort.bind(scratch.sort);
      this.drawGroup = this.draw.bind(scratch);
    }
    const bindings = { scratch, project: this.project.bind(scene, scratch) };
    this.sceneBindings.set(scene, bindings);
    return bindings;
  }

  private resize(width: number, height: number): void {
    if (this.accumulated?.width === width && this.accumulated.height === height) return;
    this.accumulated?.destroy();
    this.accumulated = this.device.createTexture({
      label: 'accumulated',
      size: [width, height],
      format: this.accumulation,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
    });
    const view = this.accumulated.createView();
    this.accumulateAttachment.view = view;
    this.presentGroup = this.present.bind(view);
  }
}
