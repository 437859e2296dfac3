import type { CameraParameters } from '../core/camera-parameters.ts';
import type { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { axesSegments, gridSegments } from '../camera/guides.ts';
import type { GuidesFrame, Segments } from '../camera/guides.ts';
import { requestRenderDevice } from '../gpu/device.ts';
import type { GpuScene } from '../gpu/gpu-scene.ts';
import { LineSet } from '../gpu/passes/lines.ts';
import { SplatRenderer } from '../gpu/splat-renderer.ts';
import { describeAdapter } from './graphics-probe.ts';

export interface Guides {
  readonly grid: boolean;
  readonly axes: boolean;
}

export const BACKGROUND = [0.063, 0.071, 0.086] as const;

/** A canvas with a render device behind it, the scenes uploaded to it and the guides drawn over them. */
export class GpuView {
  private readonly uploaded = new Map<SplatScene, GpuScene>();
  private lines: { readonly frame: GuidesFrame; readonly grid: LineSet; readonly axes: LineSet } | undefined;
  private readonly shownLines: LineSet[] = [];

  private constructor(
    private readonly device: GPUDevice,
    private readonly context: GPUCanvasContext,
    private readonly renderer: SplatRenderer,
    /** The adapter in words. */
    readonly adapter: string,
    /** Resolves with the reason once the device is gone. */
    readonly lost: Promise<string>,
  ) {}

  /** Opens a device for `canvas`; `onError` hears of errors that no call could report. Throws `gpu-unavailable`. */
  static async open(canvas: HTMLCanvasElement, onError: (error: SplatError) => void): Promise<GpuView> {
    const { device, info } = await requestRenderDevice(navigator.gpu, { onError });
    const context = canvas.getContext('webgpu') as GPUCanvasContext;
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'opaque' });
    const lost = device.lost.then(({ message }) => message || 'no reason given');
    return new GpuView(device, context, new SplatRenderer(device, { format }), describeAdapter(info), lost);
  }

  /** Lets go of every uploaded scene that is not in `scenes`. */
  keepOnly(scenes: readonly SplatScene[]): void {
    for (const [scene, gpuScene] of this.uploaded) {
      if (scenes.includes(scene)) continue;
      gpuScene.destroy();
      this.uploaded.delete(scene);
    }
  }

  draw(scene: SplatScene | undefined, camera: CameraParameters, guides: Guides, frame: GuidesFrame): void {
    this.shownLines.length = 0;
    if (guides.grid || guides.axes) {
      const { grid, axes } = this.linesFor(frame);
      if (guides.grid) this.shownLines.push(grid);
      if (guides.axes) this.shownLines.push(axes);
    }
    const view = this.context.getCurrentTexture().createView();
    const target = { view, width: camera.width, height: camera.height };
    this.renderer.render(target, scene === undefined ? null : this.upload(scene), camera, { background: BACKGROUND, lines: this.shownLines });
  }

  /** Resolves when the device has finished what was drawn. */
  finished(): Promise<undefined> {
    return this.device.queue.onSubmittedWorkDone();
  }

  private upload(scene: SplatScene): GpuScene {
    const known = this.uploaded.get(scene);
    if (known !== undefined) return known;
    const gpuScene = this.renderer.uploadScene(scene);
    this.uploaded.set(scene, gpuScene);
    return gpuScene;
  }

  private linesFor(frame: GuidesFrame) {
    if (this.lines?.frame === frame) return this.lines;
    this.lines?.grid.destroy();
    this.lines?.axes.destroy();
    const make = ({ positions, colours }: Segments, opacity: number) => new LineSet(this.device, positions, colours, { opacity, widthPixels: 1.5 });
    this.lines = { frame, grid: make(gridSegments(frame), 0.5), axes: make(axesSegments(frame), 1) };
    return this.lines;
  }
}
