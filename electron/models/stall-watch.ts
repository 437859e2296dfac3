/** Ends a connection that brings nothing for too long, or whose download was cancelled. */
export class StallWatch {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stalled = false;
  private giveUp: (reason: unknown) => void = () => undefined;

  constructor(
    private readonly connection: AbortController,
    private readonly stallMs: number,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.onAbort);
    if (signal?.aborted === true) this.onAbort();
  }

  /** Whether the connection was ended because it brought nothing. */
  get hasStalled(): boolean {
    return this.stalled;
  }

  /**
   * Waits for one step of the connection, no longer than `stallMs`, even where the step itself does not heed its
   * signal.
   */
  over<T>(step: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.giveUp = reject;
      this.timer = setTimeout(() => {
        this.stalled = true;
        this.onAbort();
      }, this.stallMs);
      if (this.connection.signal.aborted) this.onAbort();
      step.then(resolve, reject);
    }).finally(() => clearTimeout(this.timer));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => {
    this.connection.abort();
    this.giveUp(new Error('The connection was given up.'));
  };
}
