import type { InferenceSession, SessionFeeds } from './backend.ts';

/**
 * A session that gives back what it holds when nobody has used it for `idleMs`, and is made again at the next run: ONNX
 * Runtime's arena keeps the peak of every run that it met for as long as its session lives.
 */
export class IdleSession implements InferenceSession {
  private running = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly create: () => Promise<InferenceSession>,
    private readonly idleMs: number,
    private held: Promise<InferenceSession> | undefined,
  ) {}

  /** Makes the first session at once, so that one that can't be made is told here: throws what `create` throws. */
  static async open(create: () => Promise<InferenceSession>, idleMs: number): Promise<IdleSession> {
    const session = new IdleSession(create, idleMs, Promise.resolve(await create()));
    session.releaseLater();
    return session;
  }

  async run(feeds: SessionFeeds): Promise<Record<string, Float32Array>> {
    clearTimeout(this.timer);
    this.running += 1;
    try {
      return await (await this.session()).run(feeds);
    } finally {
      this.running -= 1;
      if (this.running === 0) this.releaseLater();
    }
  }

  async release(): Promise<void> {
    clearTimeout(this.timer);
    const { held } = this;
    this.held = undefined;
    await (await held)?.release();
  }

  private session(): Promise<InferenceSession> {
    if (this.held !== undefined) return this.held;
    const made = this.create();
    this.held = made;
    // The next run tries again.
    made.catch(() => (this.held = undefined));
    return made;
  }

  private releaseLater(): void {
    // A process that has nothing else to do need not wait for it. What can't be released is gone all the same.
    this.timer = setTimeout(() => void this.release().catch(() => undefined), this.idleMs);
    if (typeof this.timer === 'object') this.timer.unref();
  }
}
