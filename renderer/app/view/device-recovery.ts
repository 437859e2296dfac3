import { toSplatError } from '../../core/errors.ts';
import { askAgain } from './ask-again.ts';

/** Losses further apart than this do not count together. */
const RECOVERY_WINDOW_MS = 60_000;

export interface RecoveryEvents {
  readonly onRecovered: () => void;
  /** The device went away and does not answer: told once, and again where a person asked. */
  readonly onLost: () => void;
}

/**
 * Asks for a device again after one went away (driver update, reset, sleep, work that takes too long), with the more
 * patience the more of them did lately.
 */
export class DeviceRecovery {
  private readonly losses: number[] = [];
  private asking = false;
  private gone = false;
  /** Whether a person waits for the next answer. */
  private isAsked = false;
  /** Ends the wait before the next try. */
  private wake: (() => void) | undefined;

  /** @param open rejects where no device comes */
  constructor(
    private readonly open: () => Promise<void>,
    private readonly events: RecoveryEvents,
  ) {}

  /** Whether the device went away and was not had again at once. */
  get isGone(): boolean {
    return this.gone;
  }

  /** Asks now, not when the next try is due. */
  tryAgain(): void {
    this.isAsked = true;
    if (this.asking) this.wake?.();
    else if (this.gone) void this.ask(0);
  }

  /** Asks now where a device went away once and nobody asks for it: a person who goes on working gets another try. */
  tryIfIdle(): void {
    if (this.losses.length > 0 && !this.asking) void this.ask(0);
  }

  /** Asks after a loss. */
  async recover(): Promise<void> {
    const nowMs = performance.now();
    this.losses.push(nowMs);
    const recent = this.losses.filter((time) => nowMs - time < RECOVERY_WINDOW_MS).length;
    await this.ask(recent - 1);
  }

  private async ask(firstWait: number): Promise<void> {
    this.asking = true;
    const tell = (): void => {
      const isNews = !this.gone || this.isAsked;
      this.gone = true;
      this.isAsked = false;
      if (isNews) this.events.onLost();
    };
    try {
      await askAgain(this.open, firstWait, tell, (seconds) => this.wait(seconds));
      this.gone = false;
      this.isAsked = false;
      this.events.onRecovered();
    } catch (error) {
      tell();
      void window.desktop.log('error', toSplatError(error, 'gpu-lost', 'The GPU did not come back').sentence);
    } finally {
      this.asking = false;
      this.wake = undefined;
    }
  }

  private wait(seconds: number): Promise<void> {
    return new Promise((done) => {
      this.wake = done;
      setTimeout(done, seconds * 1000);
    });
  }
}
