import type { CameraParameters } from '../core/camera-parameters.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { scale } from '../core/vector.ts';
import { Accumulation, emptyAttachment, type AccumulationFormat } from './accumulation.ts';
import { preferredBlending, type Blending } from './blending.ts';
import { ComparePictures } from './compare-pictures.ts';
import type { CompareView } from './compare-view.ts';
import { GpuScene, type DrawnScene, type UploadOptions } from './gpu-scene.ts';
import { LinesPass } from './passes/lines.ts';
import { PresentPass } from './passes/present.ts';
import type { PresentGroups } from './passes/present.ts';
import { FrameProfiler } from './profiler.ts';
import type { PartedFrame, RenderOptions, RenderTarget } from './render-target.ts';
import { SplatAccumulator } from './splat-accumulator.ts';

export interface SplatRendererOptions {
  /** Format of the targets that will be passed to `render`. */
  readonly format: GPUTextureFormat;
  /** See `preferredBlending`, which is the default. */
  readonly blending?: Blending;
  /**
   * Format that quads are blended in: rgba16float, the default, which agrees with the twin to over 60 dB, or
   * rgba32float, which needs the device feature float32-blendable. Tiles are always blended in rgba32float.
   */
  readonly accumulation?: AccumulationFormat;
}

/**
 * Draws splat scenes, one or two compared: project, sort, draw, present or compare, all on the device and for the
 * camera at hand, so no frame lags. One renderer draws any number of GpuScenes; textures and buffers are made when size
 * or scene change, never per frame.
 */
export class SplatRenderer {
  readonly format: GPUTextureFormat;
  /** Times of each pass, off at first; undefined where the device cannot tell. */
  readonly profiler: FrameProfiler | undefined;
  private readonly accumulator: SplatAccumulator;
  private readonly present: PresentPass;
  private readonly overlay: LinesPass;
  private readonly pictures: ComparePictures;
  private readonly accumulation: Accumulation;
  private presentGroups: PresentGroups | undefined;
  private readonly targetAttachment: GPURenderPassColorAttachment;
  private readonly targetPass: GPURenderPassDescriptor;

  constructor(
    private readonly device: GPUDevice,
    options: SplatRendererOptions,
  ) {
    this.format = options.format;
    const blending = options.blending ?? preferredBlending(device);
    const accumulation = blending === 'tiles' ? 'rgba32float' : (options.accumulation ?? 'rgba16float');
    const makeAccumulation = (): Accumulation => new Accumulation(device, accumulation, blending === 'tiles');
    this.profiler = FrameProfiler.create(device);
    this.accumulator = new SplatAccumulator(device, { format: accumulation, blending }, this.profiler);
    this.accumulation = makeAccumulation();
    this.present = new PresentPass(device, options.format);
    this.overlay = new LinesPass(device, this.accumulator.frame.buffer, options.format);
    this.pictures = new ComparePictures(device, {
      format: options.format,
      makeAccumulation,
      accumulator: this.accumulator,
      overlay: this.overlay,
      profiler: this.profiler,
    });
    // Descriptors live as long as the renderer: a frame only swaps the views.
    this.targetAttachment = emptyAttachment();
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
  render(target: RenderTarget, scene: DrawnScene | null, camera: CameraParameters, options: RenderOptions): void {
    this.begin(target.width, target.height);
    const encoder = this.device.createCommandEncoder();
    this.accumulator.record(encoder, this.accumulation, scene, camera);
    this.show(encoder, target, options);
  }

  /**
   * Draws one frame as `render` does, but in submissions of so many splats that are waited for: the device is free for
   * other work in between, and no system takes it away over a long one. Nothing else may be drawn by this renderer
   * before it resolves, with whether the picture was finished.
   * @throws as `render`, at once
   */
  renderInParts(scene: DrawnScene, camera: CameraParameters, frame: PartedFrame): Promise<boolean> {
    this.begin(camera.width, camera.height);
    const encoder = this.device.createCommandEncoder();
    this.accumulator.prepare(encoder, this.accumulation, scene, camera);
    this.accumulator.recordPart(encoder, this.accumulation, 0, frame.splats);
    this.device.queue.submit([encoder.finish()]);
    return this.drawOn(scene.count, frame);
  }

  private async drawOn(count: number, { splats, goesOn, finish }: PartedFrame): Promise<boolean> {
    for (let first = splats; first < count; first += splats) {
      await this.device.queue.onSubmittedWorkDone();
      if (!goesOn()) return false;
      const encoder = this.device.createCommandEncoder();
      this.accumulator.recordPart(encoder, this.accumulation, first, splats);
      this.device.queue.submit([encoder.finish()]);
    }
    await this.device.queue.onSubmittedWorkDone();
    if (!goesOn()) return false;
    const { target, options } = finish();
    const encoder = this.device.createCommandEncoder();
    this.accumulator.finishParts(encoder, this.accumulation);
    this.show(encoder, target, options);
    return true;
  }

  private begin(width: number, height: number): void {
    if (this.accumulation.resize(width, height)) this.presentGroups = this.present.bind(this.accumulation.view);
    this.profiler?.begin();
  }

  /** Presents what was blended, and submits the encoder. */
  private show(encoder: GPUCommandEncoder, target: RenderTarget, options: RenderOptions): void {
    const beneath = options.linesBeneath ?? [];
    const hasBeneath = beneath.length > 0;
    const alpha = options.opaque === false ? 0 : 1;
    const [red, green, blue] = scale(options.background, alpha);
    // What lies beneath the splats has the background behind it already.
    this.targetAttachment.clearValue = hasBeneath ? [red, green, blue, alpha] : [0, 0, 0, 0];
    this.present.setBackground(options.background, hasBeneath ? 0 : alpha);
    this.targetAttachment.view = target.view;
    this.profiler?.time(this.targetPass, 'present');
    const presenting = encoder.beginRenderPass(this.targetPass);
    for (const lines of beneath) this.overlay.record(presenting, lines);
    this.present.record(presenting, this.presentGroups!, hasBeneath);
    if (options.lines !== undefined) for (const lines of options.lines) this.overlay.record(presenting, lines);
    presenting.end();
    this.profiler?.resolve(encoder);
    this.device.queue.submit([encoder.finish()]);
    void this.profiler?.read();
  }

  /**
   * Records and submits one frame that shows two scenes from one camera, as `view` says.
   * @throws as `render`
   */
  renderCompare(
    target: RenderTarget,
    before: DrawnScene | null,
    after: DrawnScene | null,
    camera: CameraParameters,
    view: CompareView,
    options: RenderOptions,
  ): void {
    this.pictures.render(target, before, after, camera, view, options);
  }

  /** Gives back the textures that only comparing needs; the next comparison makes them again. */
  releaseCompare(): void {
    this.pictures.release();
  }

  /** Gives back the buffers made for the largest scene so far; the next frame makes those that its own needs. */
  releaseScratch(): void {
    this.accumulator.release();
  }

  destroy(): void {
    this.accumulator.destroy();
    this.accumulation.destroy();
    this.pictures.destroy();
    this.present.destroy();
    this.profiler?.destroy();
  }
}
