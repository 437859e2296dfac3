/** Scenes that were drawn at so many losses are taken for their cause. */
const LOSSES_OF_A_SCENE = 2;
/** Systems take a device away over work of some seconds. */
const SLOW_LOSS_MS = 2000;
const JUST_NOW_MS = 1000;

/** Tells whether what is shown is why the device goes away: it did so more than once over frames that took too long. */
export class LossBlame {
  private slowLosses = 0;
  private startedMs = 0;
  /** Undefined while a frame is under way. */
  private endedMs: number | undefined = 0;

  /** Another scene is shown. */
  forget(): void {
    this.slowLosses = 0;
  }

  frameStarted(nowMs: number): void {
    this.startedMs = nowMs;
    this.endedMs = undefined;
  }

  frameEnded(nowMs: number): void {
    this.endedMs = nowMs;
  }

  /** Notes a loss, and tells whether the scenes that are shown are its cause; then counting begins anew. */
  lost(nowMs: number): boolean {
    const endMs = this.endedMs ?? nowMs;
    if (endMs - this.startedMs >= SLOW_LOSS_MS && nowMs - endMs < JUST_NOW_MS) this.slowLosses++;
    if (this.slowLosses < LOSSES_OF_A_SCENE) return false;
    this.slowLosses = 0;
    return true;
  }
}
