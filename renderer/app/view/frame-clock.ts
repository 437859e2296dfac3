/** A pause longer than this ends a run of frames: what follows is a new movement, not a slow frame. */
const PAUSE_MS = 1500;
/** Frames in a row before a rate means something. */
const MIN_FRAMES = 3;
const WINDOW_MS = 1000;

/** Measures the frame rate of continuous movement from the times at which frames were finished. */
export class FrameClock {
  private readonly times: number[] = [];

  /** Takes the finishing time of a frame, in milliseconds. `isFirst` starts a new run of frames. */
  add(nowMs: number, isFirst: boolean): void {
    const last = this.times.at(-1);
    if (isFirst || (last !== undefined && nowMs - last > PAUSE_MS)) this.times.length = 0;
    this.times.push(nowMs);
    while (this.times.length > MIN_FRAMES && nowMs - this.times[0] > WINDOW_MS) this.times.shift();
  }

  /** Frames a second over the last second of movement, or undefined while too few frames came in a row. */
  get framesPerSecond(): number | undefined {
    if (this.times.length < MIN_FRAMES) return undefined;
    const span = (this.times.at(-1) as number) - this.times[0];
    return span > 0 ? ((this.times.length - 1) * 1000) / span : undefined;
  }
}
