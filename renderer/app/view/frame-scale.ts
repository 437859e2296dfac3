/** Software adapters take this long for a whole frame: while the view moves they draw fewer pixels. */
const SLOW_FRAME_MS = 90;
const MOVING_SCALE = 0.5;

/**
 * Decides how many of the screen's pixels a frame draws: all of them at rest, fewer while the view moves on a slow
 * adapter, and drafts. Only whole frames tell whether it is slow, and a movement never goes back to them, so that the
 * size does not change to and fro.
 */
export class FrameScale {
  private drawn = 1;
  /** Costs of the last two whole frames: one alone may have uploaded a scene or made shaders. */
  private lastMs = 0;
  private earlierMs = 0;
  private isReduced = false;

  /**
   * The next frame's share of the whole picture's width and height.
   * @param isDraft it is to be seen as soon as can be, whether the view moves or not
   */
  next(isMoving: boolean, isDraft = false): number {
    this.isReduced = isDraft || (isMoving && (this.isReduced || Math.min(this.lastMs, this.earlierMs) > SLOW_FRAME_MS));
    this.drawn = this.isReduced ? MOVING_SCALE : 1;
    return this.drawn;
  }

  /** Takes what the frame of the last `next` took. */
  finished(costMs: number): void {
    if (this.drawn !== 1) return;
    this.earlierMs = this.lastMs;
    this.lastMs = costMs;
  }

  /** Whether the last frame lacks pixels, so that it must be drawn anew once the view rests. */
  get isCoarse(): boolean {
    return this.drawn !== 1;
  }
}
