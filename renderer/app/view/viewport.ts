import type { CameraParameters } from '../../core/camera-parameters.ts';
import { SplatError, toSplatError } from '../../core/errors.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { pickPoint } from '../../camera/pick.ts';
import { sceneBounds } from '../../camera/scene-bounds.ts';
import { ViewController } from '../../camera/view-controller.ts';
import type { UpAxis } from '../../core/up-axes.ts';
import type { Rgb } from '../../core/vector.ts';
import { paneCamera, panes } from '../../gpu/compare-view.ts';
import type { FrameTimings } from '../../gpu/profiler.ts';
import { FrameClock } from './frame-clock.ts';
import { FrameScale } from './frame-scale.ts';
import { BACKGROUND, GpuView } from './gpu-view.ts';
import type { ExtraLines, Guides } from './gpu-view.ts';
import { scenesOf } from './picture.ts';
import type { Picture } from './picture.ts';
import { ProblemFilter } from './problem-filter.ts';
import type { Studio } from './studio.ts';

const SETTLE_MS = 180;
const MAX_RECOVERIES = 3;
/** Losses further apart than this do not count together. */
const RECOVERY_WINDOW_MS = 60_000;

export interface ViewportEvents {
  /** After each drawn frame. */
  readonly onFrame: (framesPerSecond: number | undefined) => void;
  readonly onProblem: (error: SplatError) => void;
  readonly onRecovered: () => void;
}

/**
 * Draws the shown scene on the canvas, on demand: when the camera, the scene, the size or a guide changed, and never
 * otherwise. The next frame waits for the GPU to finish the last, so a slow adapter never piles up work.
 */
export class Viewport {
  readonly view: ViewController;
  private gpu: GpuView | undefined;
  private picture: Picture = { kind: 'scene', scene: undefined };
  private timingsListener: ((timings: FrameTimings) => void) | undefined;
  /** Scenes kept on the GPU beside those of the picture, for flipping between before and after. */
  private kept: readonly SplatScene[] = [];
  private guides: Guides = { grid: false, axes: false };
  /** Lines besides the guides, by who shows them. */
  private readonly lines = new Map<string, ExtraLines>();
  private background: Rgb = BACKGROUND;
  private requested = false;
  private busy = false;
  private lastFrameMs = 0;
  private settleTimer: ReturnType<typeof setTimeout> | undefined;
  private isMoving = false;
  private readonly clock = new FrameClock();
  private readonly scale = new FrameScale();
  private readonly problems = new ProblemFilter();
  private readonly losses: number[] = [];
  private readonly frameListeners: (() => void)[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: ViewportEvents,
  ) {
    this.view = new ViewController(canvas, () => this.moved());
    new ResizeObserver(() => {
      this.view.resized();
      this.requestFrame();
    }).observe(canvas);
    this.watchPixelRatio();
    canvas.addEventListener('dblclick', (event) => this.recentreAt(event));
  }

  /** Opens the render device; throws `gpu-unavailable`. */
  async start(): Promise<void> {
    this.gpu = await GpuView.open(this.canvas, {
      onError: (error) => this.report(error),
      onRefused: (error) => this.refused(error),
    });
    this.gpu.background = this.background;
    this.gpu.setLines([...this.lines.values()]);
    this.passTimings();
    void this.gpu.lost.then((reason) => this.recover(reason));
  }

  get isReady(): boolean {
    return this.gpu !== undefined;
  }

  /** Splats that can be drawn at once, 0 without a render device. */
  get splatsAtOnce(): number {
    return this.gpu?.splatsAtOnce ?? 0;
  }

  get adapter(): string {
    return this.gpu?.adapter ?? '';
  }

  /** Shows a picture; its scenes and those in `kept` stay on the GPU, every other is let go. */
  show(picture: Picture, kept: readonly SplatScene[]): void {
    this.picture = picture;
    this.kept = kept;
    this.gpu?.keepOnly([...scenesOf(picture), ...kept]);
    this.requestFrame();
  }

  /**
   * Has the device time each pass and tell `listener` of every frame; undefined ends it. Says whether the device can.
   */
  watchTimings(listener: ((timings: FrameTimings) => void) | undefined): boolean {
    this.timingsListener = listener;
    this.passTimings();
    this.requestFrame();
    return this.canTime;
  }

  /** Whether the device has timestamps. */
  get canTime(): boolean {
    return this.gpu?.profiler !== undefined;
  }

  /** Times of the last frame, where they are watched. */
  get timings(): FrameTimings | undefined {
    return this.gpu?.profiler?.latest;
  }

  /** Looks at all of a scene that was just opened. */
  lookAtScene(scene: SplatScene, up: UpAxis): void {
    this.view.setScene(sceneBounds(scene), up);
  }

  /** The colour behind the scene, red, green and blue from 0 to 1. */
  setBackground(background: Rgb): void {
    this.background = background;
    if (this.gpu !== undefined) this.gpu.background = background;
    this.requestFrame();
  }

  showGuides(guides: Guides): void {
    this.guides = guides;
    this.requestFrame();
  }

  /** Draws lines over the scene, in place of those shown before under this name; undefined removes them. */
  showLines(name: string, lines: ExtraLines | undefined): void {
    if (lines === undefined && !this.lines.has(name)) return;
    if (lines === undefined) this.lines.delete(name);
    else this.lines.set(name, lines);
    this.gpu?.setLines([...this.lines.values()]);
    this.requestFrame();
  }

  /**
   * Makes a studio for pictures beside the canvas, which shares its scenes; close it after use. Throws
   * `gpu-unavailable`.
   */
  openStudio(): Studio {
    if (this.gpu === undefined) throw new SplatError('gpu-unavailable', 'There is no graphics device to draw with.');
    return this.gpu.openStudio();
  }

  /** What the canvas is cleared with. */
  get backgroundColour(): Rgb {
    return this.background;
  }

  /** Calls `listener` after each drawn frame: whenever the camera, the scene or the canvas's size may have changed. */
  watchFrames(listener: () => void): void {
    this.frameListeners.push(listener);
  }

  requestFrame(): void {
    if (this.requested || this.gpu === undefined) return;
    this.requested = true;
    // Tests wait for this to go.
    this.canvas.dataset['drawing'] = '';
    // A frame under way asks for the next one itself when it is done.
    if (!this.busy) requestAnimationFrame((now) => void this.frame(now));
  }

  /** The size in device pixels of the picture at rest: the element's by the screen's pixel ratio. */
  get pixelSize(): readonly [number, number] {
    return [devicePixels(this.canvas.clientWidth, 1), devicePixels(this.canvas.clientHeight, 1)];
  }

  private moved(): void {
    this.isMoving = true;
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => {
      this.isMoving = false;
      if (this.scale.isCoarse) this.requestFrame();
    }, SETTLE_MS);
    this.requestFrame();
  }

  private async frame(nowMs: number): Promise<void> {
    const { gpu } = this;
    this.requested = false;
    if (gpu === undefined) return;
    this.busy = true;
    const goesOn = this.view.advance((nowMs - this.lastFrameMs) / 1000);
    this.lastFrameMs = nowMs;
    const startedMs = performance.now();
    try {
      this.fitCanvas(this.scale.next(this.isMoving));
      const { width, height } = this.canvas;
      gpu.draw(this.picture, this.view.parameters(width, height), this.guides, this.view.guidesFrame);
      await gpu.finished();
      const finishedMs = performance.now();
      this.scale.finished(finishedMs - startedMs);
      this.clock.add(finishedMs, !this.isMoving && !goesOn);
      this.events.onFrame(this.clock.framesPerSecond);
      for (const listener of this.frameListeners) listener();
    } catch (error) {
      this.report(toSplatError(error, 'gpu-error', 'The scene could not be drawn'));
    }
    if (goesOn) this.moved();
    this.busy = false;
    if (this.requested) requestAnimationFrame((now) => void this.frame(now));
    else delete this.canvas.dataset['drawing'];
  }

  private report(error: SplatError): void {
    if (this.problems.isNews(error.code)) this.events.onProblem(error);
  }

  /** A scene that found no room is said each time one is refused; the next frame is drawn without it. */
  private refused(error: SplatError): void {
    this.problems.isNews(error.code);
    this.events.onProblem(error);
    this.requestFrame();
  }

  private fitCanvas(scale: number): void {
    const width = devicePixels(this.canvas.clientWidth, scale);
    const height = devicePixels(this.canvas.clientHeight, scale);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  /** The GPU may vanish (driver update, reset, sleep): open a device again and upload the scene anew. */
  private async recover(reason: string): Promise<void> {
    this.gpu = undefined;
    const nowMs = performance.now();
    this.losses.push(nowMs);
    const recent = this.losses.filter((time) => nowMs - time < RECOVERY_WINDOW_MS);
    if (recent.length > MAX_RECOVERIES) {
      this.events.onProblem(
        new SplatError(
          'gpu-lost',
          `The GPU was lost ${recent.length} times in a minute: ${reason}.`,
          'Restart the app; if it happens again, use View > Restart with Standard Graphics ' +
            'or update the graphics driver.',
        ),
      );
      return;
    }
    try {
      await this.start();
      this.show(this.picture, this.kept);
      this.events.onRecovered();
    } catch (error) {
      this.events.onProblem(toSplatError(error, 'gpu-lost', 'The GPU was lost and did not come back'));
    }
  }

  private recentreAt({ offsetX, offsetY }: MouseEvent): void {
    const at = this.pictureAt(offsetX, offsetY);
    if (at.scene === undefined) return;
    const point = pickPoint(at.scene, at.camera, at.x, at.y);
    if (point !== undefined) this.view.recentre(point);
  }

  /**
   * Which scene is drawn at a point of the canvas (CSS pixels), by which camera, and where in that camera's picture.
   */
  private pictureAt(
    x: number,
    y: number,
  ): {
    readonly scene: SplatScene | undefined;
    readonly camera: CameraParameters;
    readonly x: number;
    readonly y: number;
  } {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const camera = this.view.parameters(width, height);
    const { picture } = this;
    if (picture.kind !== 'compare') return { scene: picture.scene, camera, x, y };
    const { before, after, view } = picture;
    if (view.mode === 'heat') return { scene: after, camera, x, y };
    if (view.mode === 'split') {
      const along = view.direction === 'vertical' ? x / width : y / height;
      return { scene: along < view.position ? before : after, camera, x, y };
    }
    const [first, second] = panes(width, height, view.direction);
    const isBefore = view.direction === 'vertical' ? x < second.x : y < second.y;
    const pane = isBefore ? first : second;
    return { scene: isBefore ? before : after, camera: paneCamera(camera, pane), x: x - pane.x, y: y - pane.y };
  }

  private passTimings(): void {
    const profiler = this.gpu?.profiler;
    if (profiler === undefined) return;
    profiler.isEnabled = this.timingsListener !== undefined;
    profiler.onTimings = this.timingsListener;
  }

  /** A window moved to another screen changes its pixel ratio without changing its size. */
  private watchPixelRatio(): void {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.requestFrame();
        this.watchPixelRatio();
      },
      { once: true },
    );
  }
}

/** What a side of the canvas has in device pixels, drawn at a share of its full size. */
function devicePixels(cssPixels: number, scale: number): number {
  return Math.max(1, Math.round(cssPixels * devicePixelRatio * scale));
}
