import type { Shot } from '../../../show/shot.ts';
import type { Viewport } from '../../view/viewport.ts';

/** Moves the view along a shot, in real time or to a moment of it. */
export class Player {
  private shown: Shot | undefined;
  private seconds = 0;
  private startedMs: number | undefined;
  repeats = false;

  constructor(
    private readonly viewport: Viewport,
    /** Called when the moment changes, and when playing starts or ends. */
    private readonly changed: () => void,
  ) {}

  get isPlaying(): boolean {
    return this.startedMs !== undefined;
  }

  get shot(): Shot | undefined {
    return this.shown;
  }

  get timeSeconds(): number {
    return this.seconds;
  }

  /** Takes another shot, at the same moment of it. */
  load(shot: Shot | undefined): void {
    this.shown = shot;
    this.seconds = Math.min(this.seconds, shot?.durationSeconds ?? 0);
    if (shot === undefined) this.startedMs = undefined;
    this.changed();
  }

  /** Plays on from here, or from the start where the end is reached. */
  play(): void {
    if (this.shown === undefined || this.isPlaying) return;
    if (this.seconds >= this.shown.durationSeconds) this.seconds = 0;
    this.startedMs = performance.now() - this.seconds * 1000;
    this.changed();
    requestAnimationFrame(this.tick);
  }

  pause(): void {
    if (!this.isPlaying) return;
    this.startedMs = undefined;
    this.changed();
  }

  /** Shows a moment, playing or not. */
  seek(seconds: number): void {
    if (this.shown === undefined) return;
    this.seconds = Math.min(this.shown.durationSeconds, Math.max(0, seconds));
    if (this.isPlaying) this.startedMs = performance.now() - this.seconds * 1000;
    this.viewport.view.showPose(this.shown.poseAt(this.seconds));
    this.changed();
  }

  private readonly tick = (nowMs: number): void => {
    const { shown, startedMs } = this;
    if (shown === undefined || startedMs === undefined) return;
    const { durationSeconds } = shown;
    let seconds = Math.max(0, (nowMs - startedMs) / 1000);
    if (seconds >= durationSeconds && this.repeats && durationSeconds > 0) {
      seconds %= durationSeconds;
      this.startedMs = nowMs - seconds * 1000;
    }
    this.seconds = Math.min(seconds, durationSeconds);
    this.viewport.view.showPose(shown.poseAt(this.seconds));
    if (seconds >= durationSeconds) this.startedMs = undefined;
    else requestAnimationFrame(this.tick);
    this.changed();
  };
}
