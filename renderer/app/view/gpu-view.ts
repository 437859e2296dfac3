import { cameraCentre } from '../../core/camera-parameters.ts';
import type { CameraParameters } from '../../core/camera-parameters.ts';
import type { DetailLevels } from '../../core/detail-levels.ts';
import type { SplatError } from '../../core/errors.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { axesSegments, gridSegments } from '../../camera/guides.ts';
import type { GuidesFrame, Segments } from '../../camera/guides.ts';
import { dot, subtract } from '../../core/vector.ts';
import type { Rgb } from '../../core/vector.ts';
import { problemOf, requestRenderDevice } from '../../gpu/device.ts';
import { maxSplatsAtOnce } from '../../gpu/scratch.ts';
import { GpuLevels } from '../../gpu/gpu-levels.ts';
import type { DrawnScene, GpuScene } from '../../gpu/gpu-scene.ts';
import { LineSet } from '../../gpu/passes/lines.ts';
import type { FrameProfiler } from '../../gpu/profiler.ts';
import type { RenderOptions, RenderTarget } from '../../gpu/render-target.ts';
import { SceneStore } from '../../gpu/scene-store.ts';
import { SplatRenderer } from '../../gpu/splat-renderer.ts';
import { isSoftwareDevice } from '../../gpu/swiftshader.ts';
import { coverageBudget, splatBudgets } from './frame-budget.ts';
import type { SplatBudgets } from './frame-budget.ts';
import type { DrawnDetail, FrameContent } from './frame-detail.ts';
import { describeAdapter } from './graphics-probe.ts';
import { scenesOf } from './picture.ts';
import type { Picture } from './picture.ts';
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

export interface GpuViewListeners {
  /** An error that no call could report. */
  readonly onError: (error: SplatError) => void;
  /** The device has no room for a scene, which is drawn no more while it is kept. */
  readonly onRefused: (error: SplatError) => void;
  /** The device has no room for levels of detail. */
  readonly onLevelsRefused: (error: SplatError) => void;
}

/** Levels of detail on the device. */
interface DrawnLevels {
  readonly of: DetailLevels;
  /** The scene itself, of which splats near the camera are drawn, where it is on the device. */
  readonly whole: GpuScene | undefined;
  readonly drawn: GpuLevels;
  chosenMs: number;
}

/** A level of detail fades into another over so long, and over so many frames where those take long. */
const FADE_MS = 250;
const LEAST_FADE_FRAMES = 3;

export const BACKGROUND = [0.063, 0.071, 0.086] as const;

/** A canvas with a render device behind it, the scenes uploaded to it and the guides drawn over them. */
export class GpuView {
  private readonly scenes: SceneStore;
  private lines: { readonly frame: GuidesFrame; readonly grid: LineSet; readonly axes: LineSet } | undefined;
  private readonly extraLines = new Map<ExtraLines, LineSet>();
  private readonly shownLines: LineSet[] = [];
  /** Those drawn last. */
  private levels: DrawnLevels | undefined;
  /** Scenes that the device had no room for. */
  private refused: readonly SplatScene[] = [];
  /** Whether the scenes sent last have found room. */
  private sent: Promise<void> | undefined;
  background: Rgb = BACKGROUND;

  private constructor(
    private readonly device: GPUDevice,
    private readonly context: GPUCanvasContext,
    private readonly renderer: SplatRenderer,
    /** The adapter in words. */
    readonly adapter: string,
    /** Resolves with the reason once the device is gone. */
    readonly lost: Promise<string>,
    private readonly listeners: GpuViewListeners,
  ) {
    this.scenes = new SceneStore(device);
  }

  /** Opens a device for `canvas`. Throws `gpu-unavailable`. */
  static async open(canvas: HTMLCanvasElement, listeners: GpuViewListeners): Promise<GpuView> {
    const { device, info } = await requestRenderDevice(navigator.gpu, { onError: listeners.onError });
    const context = canvas.getContext('webgpu') as GPUCanvasContext;
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'opaque' });
    const lost = device.lost.then(({ message }) => message || 'no reason given');
    return new GpuView(device, context, new SplatRenderer(device, { format }), describeAdapter(info), lost, listeners);
  }

  /** Splats that can be drawn at once. */
  get splatsAtOnce(): number {
    return maxSplatsAtOnce(this.device.limits);
  }

  /** Pixels of splats that a frame may cover. */
  get coverageBudget(): number {
    return coverageBudget(isSoftwareDevice(this.device));
  }

  get splatBudgets(): SplatBudgets {
    return splatBudgets(isSoftwareDevice(this.device), this.splatsAtOnce, navigator.hardwareConcurrency);
  }

  /** Times of each pass, or undefined where the device cannot tell. */
  get profiler(): FrameProfiler | undefined {
    return this.renderer.profiler;
  }

  /** Lets go of every uploaded scene that is not in `scenes`; one of them may take over the buffers. */
  keepOnly(scenes: readonly SplatScene[]): void {
    this.refused = this.refused.filter((scene) => scenes.includes(scene));
    this.scenes.keepOnly(scenes);
  }

  /** Lets go of levels of detail that are not these. */
  keepLevels(levels: DetailLevels | undefined): void {
    if (this.levels === undefined || this.levels.of === levels) return;
    this.levels.drawn.destroy();
    this.levels = undefined;
  }

  /** Makes a studio that shares this view's device and scenes; close it after use. */
  openStudio(): Studio {
    return new Studio(this.device, (scene) => this.scenes.get(scene));
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
      this.extraLines.set(
        lines,
        new LineSet(this.device, segments.positions, segments.colours, { widthPixels, opacity }),
      );
    }
  }

  /**
   * Draws a picture. Nothing else may be drawn before it resolves, with whether it was finished.
   * @param goesOn asked between the parts of a long frame; absent for one that is drawn at once
   */
  draw(
    { picture, detail }: FrameContent,
    camera: CameraParameters,
    guides: Guides,
    frame: GuidesFrame,
    goesOn?: () => boolean,
  ): Promise<boolean> {
    let isFinished = Promise.resolve(true);
    let hasFailed = false;
    const isWanted = goesOn && (() => goesOn() && !hasFailed);
    const draw = (): void => {
      const levels = detail && this.chosenLevels(detail, camera);
      const optionsNow = () => this.optionsFor(picture, camera, guides, frame);
      isFinished = this.drawNow(picture, levels, camera, optionsNow, isWanted);
    };
    const fresh = detail === undefined ? scenesOf(picture).filter((scene) => this.isFresh(scene)) : [];
    const areLevelsFresh = detail !== undefined && !this.hasLevels(detail);
    if (fresh.length === 0 && !areLevelsFresh) draw();
    else
      this.sent = problemOf(this.device, draw).then((problem) => {
        if (problem === undefined) return;
        hasFailed = true;
        if (areLevelsFresh) this.refuseLevels(problem);
        else this.found(problem, fresh);
      });
    return isFinished;
  }

  /** The levels on the device, with what this camera sees of them chosen. */
  private chosenLevels(detail: DrawnDetail, camera: CameraParameters): GpuLevels {
    if (!this.hasLevels(detail)) this.keepLevels(undefined);
    this.levels ??= this.sendLevels(detail);
    const { levels } = this;
    const nowMs = performance.now();
    const step = Math.min(1 / LEAST_FADE_FRAMES, (nowMs - levels.chosenMs) / FADE_MS);
    levels.chosenMs = nowMs;
    levels.drawn.choose(camera, detail.budget, detail.fades ? step : 1);
    return levels.drawn;
  }

  private sendLevels({ levels, of, most }: DrawnDetail): DrawnLevels {
    const whole = this.wholeOf(of);
    return { of: levels, whole, drawn: new GpuLevels(this.device, levels, most, whole), chosenMs: 0 };
  }

  /** Whether the levels are on the device, beside as much of their scene as there is. */
  private hasLevels({ levels, of }: DrawnDetail): boolean {
    return this.levels?.of === levels && this.levels.whole === this.wholeOf(of);
  }

  private wholeOf(scene: SplatScene): GpuScene | undefined {
    return this.scenes.has(scene) ? this.scenes.get(scene) : undefined;
  }

  private refuseLevels(problem: SplatError): void {
    this.keepLevels(undefined);
    this.renderer.releaseScratch();
    this.listeners.onLevelsRefused(problem);
  }

  /** Whether a scene is still to be sent to the device. */
  private isFresh(scene: SplatScene): boolean {
    return !this.scenes.has(scene) && !this.refused.includes(scene);
  }

  /** Takes what went wrong with a frame that sent scenes to the device. */
  private found(problem: SplatError, fresh: readonly SplatScene[]): void {
    if (problem.code !== 'out-of-memory') return this.listeners.onError(problem);
    for (const scene of fresh) this.scenes.drop(scene);
    this.refused = [...this.refused, ...fresh];
    // They may be what the device had no room for.
    this.renderer.releaseScratch();
    this.listeners.onRefused(problem);
  }

  private drawNow(
    picture: Picture,
    levels: GpuLevels | undefined,
    camera: CameraParameters,
    optionsNow: () => RenderOptions,
    goesOn: (() => boolean) | undefined,
  ): Promise<boolean> {
    if (picture.kind === 'compare') {
      const [before, after] = [this.sceneOf(picture.before), this.sceneOf(picture.after)];
      this.renderer.renderCompare(this.target(camera), before, after, camera, picture.view, optionsNow());
      return Promise.resolve(true);
    }
    this.renderer.releaseCompare();
    const scene = levels ?? this.drawn(picture);
    const { part = Infinity } = this.splatBudgets;
    // Only whole frames are timed.
    const isParted = goesOn !== undefined && this.profiler?.isEnabled !== true;
    if (isParted && scene !== null && scene.count > part) {
      const finish = () => ({ target: this.target(camera), options: optionsNow() });
      return this.renderer.renderInParts(scene, camera, { splats: part, goesOn, finish });
    }
    this.renderer.render(this.target(camera), scene, camera, optionsNow());
    return Promise.resolve(true);
  }

  /** The canvas, of this moment. */
  private target({ width, height }: CameraParameters): RenderTarget {
    return { view: this.context.getCurrentTexture().createView(), width, height };
  }

  /** What a picture has besides splats, of this moment. */
  private optionsFor(picture: Picture, camera: CameraParameters, guides: Guides, frame: GuidesFrame): RenderOptions {
    this.shownLines.length = 0;
    const guideLines = this.guideLines(guides, frame);
    // A comparison has no place beneath its splats, nor has one who looks up at the grid.
    const areBeneath = picture.kind !== 'compare' && isAbove(camera, frame);
    this.shownLines.push(...(areBeneath ? [] : guideLines), ...this.extraLines.values());
    return {
      background: this.background,
      lines: this.shownLines,
      ...(areBeneath ? { linesBeneath: guideLines } : {}),
    };
  }

  /** Resolves when the device has finished what was drawn, and what went wrong with it was reported. */
  async finished(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone();
    await this.sent;
  }

  private drawn(picture: Exclude<Picture, { kind: 'compare' }>): DrawnScene | null {
    if (picture.kind === 'overlay' && !this.refused.includes(picture.scene))
      return this.scenes.painted(picture.scene, picture.mapValues, picture.map);
    return this.sceneOf(picture.scene);
  }

  private sceneOf(scene: SplatScene | undefined): DrawnScene | null {
    return scene === undefined || this.refused.includes(scene) ? null : this.scenes.get(scene);
  }

  private guideLines(guides: Guides, frame: GuidesFrame): LineSet[] {
    if (!guides.grid && !guides.axes) return [];
    const { grid, axes } = this.linesFor(frame);
    return [...(guides.grid ? [grid] : []), ...(guides.axes ? [axes] : [])];
  }

  private linesFor(frame: GuidesFrame) {
    if (this.lines?.frame === frame) return this.lines;
    this.lines?.grid.destroy();
    this.lines?.axes.destroy();
    const make = ({ positions, colours }: Segments, opacity: number) =>
      new LineSet(this.device, positions, colours, { opacity, widthPixels: 1.5 });
    this.lines = { frame, grid: make(gridSegments(frame), 0.5), axes: make(axesSegments(frame), 1) };
    return this.lines;
  }
}

/** Whether the camera stands above the grid. */
function isAbove({ worldToView }: CameraParameters, { centre, up, depth }: GuidesFrame): boolean {
  return dot(subtract(cameraCentre(worldToView), centre), up) > -depth;
}
