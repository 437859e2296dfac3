import type { CameraParameters, PixelRectangle } from '../core/camera-parameters.ts';
import { emptyAttachment, type Accumulation } from './accumulation.ts';
import type { Scissor } from './blending.ts';
import { NO_SCENE } from './frame-uniforms.ts';
import { paneCamera, panes, type CompareView, type DividerDirection, type SplitView } from './compare-view.ts';
import type { DrawnScene } from './gpu-scene.ts';
import { ComparePass, type CompareBindings } from './passes/compare.ts';
import type { LineSet, LinesPass } from './passes/lines.ts';
import type { FrameProfiler } from './profiler.ts';
import type { SplatAccumulator } from './splat-accumulator.ts';
import type { RenderOptions, RenderTarget } from './render-target.ts';

interface Shared {
  readonly format: GPUTextureFormat;
  readonly makeAccumulation: () => Accumulation;
  readonly accumulator: SplatAccumulator;
  readonly overlay: LinesPass;
  readonly profiler: FrameProfiler | undefined;
}

/**
 * Pictures of two scenes: each is blended into an accumulation texture of its own, unrounded, and one pass makes the
 * picture of both. The textures are kept between frames and remade only when the size or the kind of view changes.
 */
export class ComparePictures {
  private readonly compose: ComparePass;
  private readonly before: Accumulation;
  private readonly after: Accumulation;
  private bindings: CompareBindings | undefined;
  private layout:
    | {
        readonly width: number;
        readonly height: number;
        readonly direction: DividerDirection;
        readonly panes: readonly [PixelRectangle, PixelRectangle];
      }
    | undefined;
  private readonly scissor: Scissor = { x: 0, y: 0, width: 0, height: 0 };
  private readonly attachment = emptyAttachment();
  private readonly composePass: GPURenderPassDescriptor = { label: 'compare', colorAttachments: [this.attachment] };
  private readonly lineAttachment = emptyAttachment('load');
  private readonly linePass: GPURenderPassDescriptor = { label: 'pane lines', colorAttachments: [this.lineAttachment] };

  constructor(
    private readonly device: GPUDevice,
    private readonly shared: Shared,
  ) {
    this.compose = new ComparePass(device, shared.format);
    this.before = shared.makeAccumulation();
    this.after = shared.makeAccumulation();
  }

  render(
    target: RenderTarget,
    before: DrawnScene | null,
    after: DrawnScene | null,
    camera: CameraParameters,
    view: CompareView,
    options: RenderOptions,
  ): void {
    this.shared.profiler?.begin();
    this.compose.setBackground(options.background, options.opaque === false ? 0 : 1);
    if (view.mode === 'sideBySide') {
      const [first, second] = this.panesOf(target, view.direction);
      this.accumulate(before, paneCamera(camera, first), first, after, paneCamera(camera, second), second);
      this.compose.setParts(
        view.direction,
        view.direction === 'vertical' ? second.x : second.y,
        second.x,
        second.y,
        view.divider,
      );
      this.finish(target, 'parts', undefined);
      if (options.lines !== undefined && options.lines.length > 0) {
        this.drawLines(target, camera, first, options.lines);
        this.drawLines(target, camera, second, options.lines);
      }
      return;
    }
    if (view.mode === 'split') {
      const splitAt = splitOf(view, target, camera);
      this.accumulate(before, camera, target, after, camera, target, view.direction, splitAt);
      this.compose.setParts(view.direction, splitAt, 0, 0, view.divider);
      this.finish(target, 'parts', options.lines);
      return;
    }
    this.accumulate(before, camera, target, after, camera, target);
    this.compose.setHeat(view.measure, view.largest);
    this.finish(target, 'heat', options.lines);
  }

  /** Gives the textures back. */
  release(): void {
    this.before.destroy();
    this.after.destroy();
    this.bindings = undefined;
  }

  destroy(): void {
    this.release();
    this.compose.destroy();
  }

  /**
   * Blends both scenes, each in a submission of its own because they share the frame uniforms. Of a split each only as
   * far as it shows.
   */
  private accumulate(
    before: DrawnScene | null,
    beforeCamera: CameraParameters,
    beforeSize: Pick<PixelRectangle, 'width' | 'height'>,
    after: DrawnScene | null,
    afterCamera: CameraParameters,
    afterSize: Pick<PixelRectangle, 'width' | 'height'>,
    direction?: DividerDirection,
    splitAt = 0,
  ): void {
    const { device, shared, scissor } = this;
    const remade = [
      this.before.resize(beforeSize.width, beforeSize.height),
      this.after.resize(afterSize.width, afterSize.height),
    ];
    if (remade.includes(true) || this.bindings === undefined)
      this.bindings = this.compose.bind(this.before.view, this.after.view);
    const first = device.createCommandEncoder();
    if (direction !== undefined) cut(scissor, beforeSize, direction, 0, Math.ceil(splitAt));
    shared.accumulator.record(first, this.before, before, beforeCamera, direction === undefined ? undefined : scissor);
    device.queue.submit([first.finish()]);
    const second = device.createCommandEncoder();
    if (direction !== undefined) cut(scissor, afterSize, direction, Math.floor(splitAt), Infinity);
    shared.accumulator.record(second, this.after, after, afterCamera, direction === undefined ? undefined : scissor);
    device.queue.submit([second.finish()]);
  }

  private finish(target: RenderTarget, kind: 'parts' | 'heat', lines: readonly LineSet[] | undefined): void {
    const { profiler, overlay } = this.shared;
    const encoder = this.device.createCommandEncoder();
    this.attachment.view = target.view;
    profiler?.time(this.composePass, 'compare');
    const pass = encoder.beginRenderPass(this.composePass);
    this.compose.record(pass, this.bindings!, kind);
    if (lines !== undefined) for (const set of lines) overlay.record(pass, set);
    pass.end();
    profiler?.resolve(encoder);
    this.device.queue.submit([encoder.finish()]);
    void profiler?.read();
  }

  private drawLines(
    target: RenderTarget,
    camera: CameraParameters,
    pane: PixelRectangle,
    lines: readonly LineSet[],
  ): void {
    const { accumulator, overlay } = this.shared;
    accumulator.frame.write(paneCamera(camera, pane), pane.width, pane.height, NO_SCENE);
    const encoder = this.device.createCommandEncoder();
    this.lineAttachment.view = target.view;
    const pass = encoder.beginRenderPass(this.linePass);
    pass.setViewport(pane.x, pane.y, pane.width, pane.height, 0, 1);
    pass.setScissorRect(pane.x, pane.y, pane.width, pane.height);
    for (const set of lines) overlay.record(pass, set);
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  private panesOf(
    { width, height }: RenderTarget,
    direction: DividerDirection,
  ): readonly [PixelRectangle, PixelRectangle] {
    const { layout } = this;
    if (layout?.width === width && layout.height === height && layout.direction === direction) return layout.panes;
    const made = panes(width, height, direction);
    this.layout = { width, height, direction, panes: made };
    return made;
  }
}

/** Pixels from the target's edge to the line; outside the target where a part of the picture lies beside it. */
function splitOf(
  { position, direction }: SplitView,
  target: RenderTarget,
  { part, width, height }: CameraParameters,
): number {
  if (direction === 'vertical') return part === undefined ? position * target.width : position * width - part.x;
  return part === undefined ? position * target.height : position * height - part.y;
}

/** Sets `scissor` to what lies between two places along the axis, in whole pixels inside the picture. */
function cut(
  scissor: Scissor,
  { width, height }: Pick<PixelRectangle, 'width' | 'height'>,
  direction: DividerDirection,
  from: number,
  to: number,
): void {
  const length = direction === 'vertical' ? width : height;
  const start = Math.min(length, Math.max(0, from));
  const extent = Math.min(length, Math.max(start, to)) - start;
  scissor.x = direction === 'vertical' ? start : 0;
  scissor.y = direction === 'vertical' ? 0 : start;
  scissor.width = direction === 'vertical' ? extent : width;
  scissor.height = direction === 'vertical' ? height : extent;
}
