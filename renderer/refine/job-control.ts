import { SplatError, throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { RefineStage } from '../core/stages.ts';
import { formatCount } from '../core/units.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';

export interface JobControlOptions extends JobOptions<RefineStage> {
  /** Awaited between stages and blocks: holding it pauses the job. */
  readonly pauseGate?: () => Promise<void>;
}

/** Wall-clock milliseconds by stage. `load` is 0 when the backend already held the model. */
export interface RefineTimes {
  readonly load: number;
  readonly sight: number;
  readonly plan: number;
  readonly network: number;
  readonly check: number;
  readonly finish: number;
}

/** Work this long is done before messages and signals are let in: a timer may cost a browser 4 ms. */
const YIELD_MS = 30;

/** Reports the progress of a refinement, lets it be paused and cancelled, and times its stages. */
export class JobControl {
  private readonly startedMs = performance.now();
  private yieldedMs = -Infinity;
  private readonly times = { load: 0, sight: 0, plan: 0, network: 0, check: 0, finish: 0 };

  constructor(private readonly options: JobControlOptions) {}

  get milliseconds(): RefineTimes & { readonly total: number } {
    return { ...this.times, total: performance.now() - this.startedMs };
  }

  throwIfAborted(): void {
    throwIfAborted(this.options.signal, 'Refining');
  }

  /** Reports progress, lets messages in, and waits at the pause gate. Throws `cancelled`. */
  async checkpoint(stage: RefineStage, fraction: number): Promise<void> {
    this.options.onProgress?.({ stage, fraction });
    if (performance.now() - this.yieldedMs >= YIELD_MS) {
      await yieldToEventLoop();
      this.yieldedMs = performance.now();
    }
    await this.options.pauseGate?.();
    this.throwIfAborted();
  }

  /** Runs a job and adds its time to a stage's, also where it fails. */
  async timed<T>(stage: keyof RefineTimes, job: () => T | Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await job();
    } finally {
      this.times[stage] += performance.now() - from;
    }
  }
}

/**
 * Runs a job that allocates arrays for an answer of `splats`. Throws `out-of-memory` where they are too large, as
 * JavaScript's own message says nothing to people.
 */
export async function inMemory<T>(splats: number, job: () => T | Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SplatError(
      'out-of-memory',
      `An answer of ${formatCount(splats)} splats needs more memory than there is.`,
      'Close other programs, or refine a smaller scene.',
      { cause: error },
    );
  }
}
