import type { CameraParameters } from '../core/camera-parameters.ts';
import type { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { axesSegments, gridSegments } from '../camera/guides.ts';
import type { GuidesFrame, Segments } from '../camera/guides.ts';
import { requestRenderDevice } from '../gpu/device.ts';
import { maxSplatsAtOnce } from '../gpu/scratch.ts';
import { ColourOverlay } from '../gpu/colour-overlay.ts';
import { SCENE_ARRAYS, type DrawnScene, type GpuScene } from '../gpu/gpu-scene.ts';
import { LineSet } from '../gpu/passes/lines.ts';
import type { FrameProfiler } from '../gpu/profiler.ts';
import { SplatRenderer } from '../gpu/splat-renderer.ts';
import { describeAdapter } from './graphics-probe.ts';
import type { OverlayPicture, Picture } from './picture.ts';
import { Studio } from './studio.ts';

export interface Guides {
  readonly grid: boolean;
  readonly axes: boolean;
}

/** Lines drawn over the scene in world space, besides the guides. */
export interface ExtraLines {
  readonly segments: Segments;
  readonly widthPixels: number;
  readonly opacity: number;
}

export const BACKGROUND = [0.063, 0.071, 0.086] as const;

/** A canvas with a render device behind it, the scenes uploaded to it and the guides drawn over them. */
export class GpuView {
  private readonly uploaded = new Map<SplatScene, GpuScene>();
  /** Scenes that may be shown, as far as the app said. */
  private kept: readonly SplatScene[] = [];
  /** A scene let go of, whose buffers the next one of its shape will take over. */
  private spare: { readonly scene: SplatScene; readonly gpuScene: GpuScene } | undefined;
  private overlay: { readonly of: GpuScene; readonly colours: ColourOverlay; places: Float32Array; map: string } | undefined;
  private lines: { readonly frame: GuidesFrame; readonly grid: LineSet; readonly axes: LineSet } | undefined;
  private readonly extraLines = new Map<ExtraLines, LineSet>();
  private readonly shownLines: LineSet[] = [];
  background: readonly [number, number, number] = BACKGROUND;

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

  /** Splats that can be drawn at once. */
  get splatsAtOnce(): number {
    return maxSplatsAtOnce(this.device.limits);
  }

  /** Times of each pass, or undefined where the device cannot tell. */
  get profiler(): FrameProfiler | undefined {
    return this.renderer.profiler;
  }

  /** Lets go of every uploaded scene that is not in `scenes`; one of them may take over the buffers. */
  keepOnly(scenes: readonly SplatScene[]): void {
    this.kept = scenes;
    const awaited = scenes.filter((scene) => !this.uploaded.has(scene));
    const isWanted = (gpuScene: GpuScene): boolean => awaited.some((scene) => gpuScene.fits(scene));
    if (this.spare !== undefined && !isWanted(this.spare.gpuScene)) {
      this.destroyScene(this.spare.gpuScene);
      this.spare = undefined;
    }
    for (const [scene, gpuScene] of this.uploaded) {
      if (scenes.includes(scene)) continue;
      this.uploaded.delete(scene);
      if (this.spare === undefined && isWanted(gpuScene)) this.spare = { scene, gpuScene };
      else this.destroyScene(gpuScene);
    }
  }

  /** Makes a studio that shares this view's device and scenes; close it after use. */
  openStudio(): Studio {
    return new Studio(this.device, (scene) => this.upload(scene));
  }

  /** Sets the lines that are drawn besides the guides. Those of an earlier call that come again cost nothing. */
  setLines(wanted: readonly ExtraLines[]): void {
    for (const [lines, set] of this.extraLines) {
      if (wanted.includes(lines)) continue;
      set.destroy();
      this.extraLines.delete(lines);
    }
    for (const lines of wanted) {
      if (this.extraLines.has(lines)) continue;
      const { segments, widthPixels, opacity } = lines;
      this.extraLines.set(lines, new LineSet(this.device, segments.positions, segments.colours, { widthPixels, opacity }));
    }
  }

  draw(picture: Picture, camera: CameraParameters, guides: Guides, frame: GuidesFrame): void {
    this.shownLines.length = 0;
    if (guides.grid || guides.axes) {
      const { grid, axes } = this.linesFor(frame);
      if (guides.grid) this.shownLines.push(grid);
      if (guides.axes) this.shownLines.push(axes);
    }
    this.shownLines.push(...this.extraLines.values());
    const view = this.context.getCurrentTexture().createView();
    const target = { view, width: camera.width, height: camera.height };
    const options = { background: this.background, lines: this.shownLines };
    if (picture.kind === 'compare') {
      this.renderer.renderCompare(target, this.upload(picture.before), this.upload(picture.after), camera, picture.view, options);
      return;
    }
    this.renderer.releaseCompare();
    this.renderer.render(target, this.drawn(picture), camera, options);
  }

  /** Resolves when the device has finished what was drawn. */
  finished(): Promise<undefined> {
    return this.device.queue.onSubmittedWorkDone();
  }

  private drawn(picture: Exclude<Picture, { kind: 'compare' }>): DrawnScene | null {
    if (picture.kind === 'overlay') return this.paint(picture);
    return picture.scene === undefined ? null : this.upload(picture.scene);
  }

  private upload(scene: SplatScene): GpuScene {
    const known = this.uploaded.get(scene);
    if (known !== undefined) return known;
    const gpuScene = this.takeOver(scene) ?? this.renderer.uploadScene(scene);
    this.uploaded.set(scene, gpuScene);
    return gpuScene;
  }

  /** Puts a scene into the buffers of one that was let go, where it fits: a slider makes many of one shape. */
  private takeOver(scene: SplatScene): GpuScene | undefined {
    const { spare } = this;
    if (spare?.gpuScene.fits(scene) !== true) return undefined;
    this.spare = undefined;
    // Whoever makes scene after scene may write over its own arrays, but not over those of a scene that is still shown.
    const isSame = (name: (typeof SCENE_ARRAYS)[number]): boolean =>
      scene[name] === spare.scene[name] && this.kept.some((other) => other !== scene && other[name] === scene[name]);
    spare.gpuScene.update(
      scene,
      SCENE_ARRAYS.filter((name) => !isSame(name)),
    );
    return spare.gpuScene;
  }

  private paint({ scene, places, map }: OverlayPicture): ColourOverlay {
    const gpuScene = this.upload(scene);
    if (this.overlay?.of !== gpuScene) {
      this.overlay?.colours.destroy();
      this.overlay = { of: gpuScene, colours: new ColourOverlay(this.device, gpuScene), places: new Float32Array(0), map: '' };
    }
    const { overlay } = this;
    if (overlay.places !== places || overlay.map !== map) {
      overlay.colours.paint(places, map);
      overlay.places = places;
      overlay.map = map;
    }
    return overlay.colours;
  }

  private destroyScene(gpuScene: GpuScene): void {
    if (this.overlay?.of === gpuScene) {
      this.overlay.colours.destroy();
      this.overlay = undefined;
    }
    gpuScene.destroy();
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
