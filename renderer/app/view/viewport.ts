import { SplatError, toSplatError } from '../../core/errors.ts';
import type { ShownExtent } from '../../core/shown-extent.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { pickPoint } from '../../camera/pick.ts';
import { clearSide } from '../../camera/clear-side.ts';
import { sceneBounds } from '../../camera/scene-bounds.ts';
import { ViewController } from '../../camera/view-controller.ts';
import { UP_DIRECTIONS, type UpAxis } from '../../core/up-axes.ts';
import type { Rgb } from '../../core/vector.ts';
import type { FrameTimings } from '../../gpu/profiler.ts';
import { DeviceRecovery, type RecoveryEvents } from './device-recovery.ts';
import { affordable } from './frame-budget.ts';
import { FrameClock } from './frame-clock.ts';
import { FrameDetail } from './frame-detail.ts';
import type { FrameContent } from './frame-detail.ts';
import { FrameScale } from './frame-scale.ts';
import { BACKGROUND, GpuView } from './gpu-view.ts';
import type { ExtraLines, Guides } from './gpu-view.ts';
import { LevelKeeper } from './level-keeper.ts';
import { LossBlame } from './loss-blame.ts';
import { pictureAt, type PictureAt } from './picture-at.ts';
import { isPreview, scenesOf } from './picture.ts';
import type { Picture } from './picture.ts';
import { ProblemFilter } from './problem-filter.ts';
import type { Studio } from './studio.ts';
import { makeLevelsInWorker } from '../../workers/scene-client.ts';

const SETTLE_MS = 180;
const JUST_NOW_MS = 1000;
/** Whoever waits for a frame goes on without it then. */
const DRAWN_MS = 3000;

export interface ViewportEvents extends RecoveryEvents {
  /** After each drawn frame, with how much of the scene there is to be seen. */
  readonly onFrame: (framesPerSecond: number | undefined, extent: ShownExtent) => void;
  readonly onProblem: (error: SplatError) => void;
  /** Once for scenes of which fewer pixels are drawn than the canvas has. */
  readonly onReduced: (reason: SplatError) => void;
  /** Large scenes move more slowly than they could. */
  readonly onLevelsFailed: (error: unknown) => void;
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
  /** Whether the next frame may take as long as it needs. */
  private isPatient = false;
  /** The scene that the frame under way draws whole with patience. */
  private waitedFor: SplatScene | undefined;
  /** Of the last frame that was finished. */
  private extent: ShownExtent = 'whole';
  private settleTimer: ReturnType<typeof setTimeout> | undefined;
  private isMoving = false;
  /** Movements so far. */
  private moves = 0;
  private readonly clock = new FrameClock();
  private readonly scale = new FrameScale();
  private readonly detail = new FrameDetail(
    new LevelKeeper({
      make: makeLevelsInWorker,
      onMade: () => this.levelsMade(),
      onFailed: (error) => this.events.onLevelsFailed(error),
    }),
  );
  private readonly problems = new ProblemFilter();
  private readonly blame = new LossBlame();
  private readonly recovery: DeviceRecovery;
  /** Scenes that are not drawn, as the device was lost over them. */
  private tooMuch: readonly SplatScene[] = [];
  /** The scenes of which it was said that not all of their pixels are drawn. */
  private saidOf: readonly SplatScene[] = [];
  private readonly frameListeners: (() => void)[] = [];
  /** Called once a frame is drawn that begins from now on. */
  private awaitingFrame: (() => void)[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Has the size of what of the canvas, from above, nothing lies over for long. */
    uncovered: HTMLElement,
    private readonly events: ViewportEvents,
  ) {
    this.view = new ViewController(canvas, () => this.moved());
    this.recovery = new DeviceRecovery(() => this.start(), {
      onLost: events.onLost,
      onRecovered: () => {
        this.show(this.picture, this.kept);
        events.onRecovered();
      },
    });
    const sizes = new ResizeObserver(() => {
      this.view.resized(canvas.clientHeight - uncovered.clientHeight);
      this.requestFrame();
    });
    sizes.observe(canvas);
    sizes.observe(uncovered);
    this.watchPixelRatio();
    canvas.addEventListener('dblclick', (event) => this.recentreAt(event));
  }

  /** Opens the render device; throws `gpu-unavailable`. */
  async start(): Promise<void> {
    this.gpu = await GpuView.open(this.canvas, {
      onError: (error) => this.report(error),
      onRefused: (error) => this.refused(error),
      onLevelsRefused: (error) => this.levelsRefused(error),
    });
    this.gpu.background = this.background;
    this.sendLines();
    this.passTimings();
    this.showDetail();
    void this.gpu.lost.then((reason) => this.recover(reason));
  }

  /** Whether the graphics card went away and does not answer. */
  get isLost(): boolean {
    return this.recovery.isGone;
  }

  /** Asks for the graphics card now, not when the next try is due. */
  tryAgain(): void {
    this.recovery.tryAgain();
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
    if (scenesOf(picture).some((scene) => !scenesOf(this.picture).includes(scene))) this.blame.forget();
    this.picture = picture;
    this.kept = kept;
    this.sendLines();
    this.showDetail();
    if (this.gpu === undefined) this.recovery.tryIfIdle();
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

  /** Looks at all of a scene that was just opened, from within where it is a room. */
  lookAtScene(scene: SplatScene, up: UpAxis): void {
    const bounds = sceneBounds(scene);
    this.view.setScene(bounds, up, clearSide(scene, bounds, UP_DIRECTIONS[up]));
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
    this.sendLines();
    this.requestFrame();
  }

  /** A preview has none: they belong to the scene that was open before. */
  private sendLines(): void {
    this.gpu?.setLines(isPreview(this.picture) ? [] : [...this.lines.values()]);
  }

  /**
   * Makes a studio for pictures beside the canvas, which shares its scenes; close it after use. Throws
   * `gpu-unavailable`.
   */
  openStudio(): Studio {
    if (this.gpu === undefined) throw new SplatError('gpu-unavailable', 'There is no graphics device to draw with.');
    return this.gpu.openStudio();
  }

  /** Whether the picture is made of two, each with a camera of its own. */
  get hasPanes(): boolean {
    return this.picture.kind === 'compare' && this.picture.view.mode === 'sideBySide';
  }

  /** Which scene is drawn at a point of the canvas, and by which camera; all in CSS pixels. */
  pictureAt(x: number, y: number): PictureAt {
    const { clientWidth, clientHeight } = this.canvas;
    return pictureAt(this.picture, this.view.parameters(clientWidth, clientHeight), x, y);
  }

  /** What the canvas is cleared with. */
  get backgroundColour(): Rgb {
    return this.background;
  }

  /** Calls `listener` after each drawn frame: whenever the camera, the scene or the canvas's size may have changed. */
  watchFrames(listener: () => void): void {
    this.frameListeners.push(listener);
  }

  /** Resolves when what is shown now is on screen, or can't be soon. */
  async drawn(): Promise<void> {
    const { gpu } = this;
    if (gpu === undefined || document.hidden) return;
    this.requestFrame();
    const inTime = new Promise<void>((done) => setTimeout(done, DRAWN_MS));
    await Promise.race([new Promise<void>((done) => this.awaitingFrame.push(done)), gpu.lost, inTime]);
  }

  requestFrame(): void {
    this.isPatient = false;
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
    this.moves++;
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => {
      this.isMoving = false;
      if (!isPreview(this.picture) && (this.scale.isCoarse || this.detail.isCoarse)) this.requestFrame();
    }, SETTLE_MS);
    this.requestFrame();
  }

  /** Asks for all of a scene that is seen reduced so far. Any other wish for a frame ends it. */
  private requestPatientFrame(): void {
    this.requestFrame();
    this.isPatient = true;
  }

  private async frame(nowMs: number): Promise<void> {
    const { gpu } = this;
    this.requested = false;
    if (gpu === undefined) return;
    this.busy = true;
    const goesOn = this.view.advance((nowMs - this.lastFrameMs) / 1000);
    this.lastFrameMs = nowMs;
    const startedMs = performance.now();
    this.blame.frameStarted(startedMs);
    let isFinished = true;
    const awaiting = this.awaitingFrame.splice(0);
    const isPatient = this.isPatient && !this.isMoving;
    this.isPatient = false;
    this.waitedFor = isPatient ? scenesOf(this.picture)[0] : undefined;
    const isReduced = this.detail.isReduced && !isPatient;
    const extent = isPreview(this.picture) ? 'preview' : isReduced ? 'reduced' : 'whole';
    try {
      const content = this.nextContent(gpu, isPatient);
      const { width, height } = this.canvas;
      const camera = this.view.parameters(width, height);
      isFinished = await gpu.draw(content, camera, this.guides, this.view.guidesFrame, this.whileAtRest(gpu));
      await gpu.finished();
      const finishedMs = performance.now();
      if (isFinished && !this.detail.isCoarse) this.scale.finished(finishedMs - startedMs);
      if (isFinished) this.clock.add(finishedMs, !this.isMoving && !goesOn);
      if (isFinished) this.extent = extent;
      for (const done of awaiting) done();
      if (content.isForNow === true && !this.isMoving && !this.requested) this.requestPatientFrame();
      this.events.onFrame(this.clock.framesPerSecond, this.extent);
      for (const listener of this.frameListeners) listener();
    } catch (error) {
      // A loss is told by itself, in better words than those of what it interrupted.
      if (!(await isLost(gpu))) this.report(toSplatError(error, 'gpu-error', 'The scene could not be drawn'));
    }
    // What was not finished is seen coarse first, as it is while the view moves.
    if (goesOn || !isFinished) this.moved();
    this.blame.frameEnded(performance.now());
    this.busy = false;
    this.waitedFor = undefined;
    if (this.requested) requestAnimationFrame((now) => void this.frame(now));
    else delete this.canvas.dataset['drawing'];
  }

  /** Tells whether a frame that begins now is still worth finishing; undefined for one that is drawn at once. */
  private whileAtRest(gpu: GpuView): (() => boolean) | undefined {
    if (this.isMoving) return undefined;
    const { picture, moves, waitedFor } = this;
    const isWanted = (): boolean => this.gpu === gpu && this.picture === picture && this.moves === moves;
    return waitedFor === undefined ? isWanted : () => isWanted() && !this.requested;
  }

  private showDetail(): void {
    const { gpu, picture, kept } = this;
    this.detail.show(picture, kept, gpu?.splatBudgets);
    gpu?.keepOnly(this.detail.drawnFor([...scenesOf(picture), ...kept]));
    gpu?.keepLevels(this.detail.levelsShown);
  }

  private report(error: SplatError): void {
    if (this.problems.isNews(error.code)) this.events.onProblem(error);
  }

  /** A scene that found no room is said each time one is refused; the next frame is drawn without it. */
  private refused(error: SplatError): void {
    this.problems.isNews(error.code);
    if (this.waitedFor === undefined) this.events.onProblem(error);
    else this.detail.loseWhole(this.waitedFor);
    this.requestFrame();
  }

  /** A scene that is too large to be drawn whole is seen in more detail now. */
  private levelsMade(): void {
    if (this.detail.isReduced) this.requestFrame();
  }

  /** The next frame is drawn without them. */
  private levelsRefused(error: SplatError): void {
    this.detail.refuse();
    this.events.onLevelsFailed(error);
    this.requestFrame();
  }

  /** Decides what the next frame is drawn from, and fits the canvas to what the device can draw of that in time. */
  private nextContent(gpu: GpuView, isPatient: boolean): FrameContent {
    const scenes = scenesOf(this.picture);
    const content = this.detail.next(this.isMoving, isPatient);
    const drawn = scenesOf(content.picture);
    const [width, height] = this.pixelSize;
    const { scale, problem } = affordable(drawn, this.view.parameters(width, height), gpu.coverageBudget);
    if (problem !== undefined && !isPreview(this.picture) && !scenes.every((scene) => this.saidOf.includes(scene))) {
      this.saidOf = scenes;
      if (scale === 0) this.events.onProblem(problem);
      else this.events.onReduced(problem);
    }
    this.fitCanvas(this.scale.next(this.isMoving, content.isDraft) * (scale === 0 ? 1 : scale));
    const isHidden = scale === 0 || scenes.some((scene) => this.tooMuch.includes(scene));
    return isHidden ? { picture: { kind: 'scene', scene: undefined } } : content;
  }

  private fitCanvas(scale: number): void {
    const width = devicePixels(this.canvas.clientWidth, scale);
    const height = devicePixels(this.canvas.clientHeight, scale);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  /**
   * The GPU may vanish (driver update, reset, sleep, work that takes too long): asks for a device with patience and
   * uploads the scene anew. A scene over whose slow frames the device was lost twice is drawn reduced where it is
   * large, and no more where that was too much, so that the next one is drawn.
   */
  private async recover(reason: string): Promise<void> {
    this.gpu = undefined;
    void window.desktop.log('warning', `The GPU device was lost: ${reason}`);
    if (this.waitedFor !== undefined) this.detail.loseWhole(this.waitedFor);
    if (this.blame.lost(performance.now())) this.giveUpOn(scenesOf(this.picture));
    await this.recovery.recover();
  }

  private giveUpOn(scenes: readonly SplatScene[]): void {
    if (scenes.length === 0) return;
    if (this.detail.reduce()) {
      this.events.onReduced(
        new SplatError(
          'gpu-lost',
          'The graphics card failed twice while it drew this scene, so fewer splats are drawn from now on. What is ' +
            'saved, refined or selected is still the whole scene.',
        ),
      );
      return;
    }
    this.tooMuch = scenes;
    this.events.onProblem(
      new SplatError(
        'gpu-lost',
        'The graphics card failed twice while it drew this scene, so it is not shown any more.',
        'Close other programs that use the graphics card and open the scene again, or open another one.',
      ),
    );
  }

  private recentreAt({ offsetX, offsetY }: MouseEvent): void {
    const at = this.pictureAt(offsetX, offsetY);
    if (at.scene === undefined) return;
    const point = pickPoint(at.scene, at.camera, at.x, at.y);
    if (point !== undefined) this.view.recentre(point);
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

/** Whether the device is gone, or will turn out to be in a moment. */
function isLost(gpu: GpuView): Promise<boolean> {
  const inAMoment = new Promise<boolean>((done) => setTimeout(() => done(false), JUST_NOW_MS));
  return Promise.race([gpu.lost.then(() => true), inAMoment]);
}

/** What a side of the canvas has in device pixels, drawn at a share of its full size. */
function devicePixels(cssPixels: number, scale: number): number {
  return Math.max(1, Math.round(cssPixels * devicePixelRatio * scale));
}
