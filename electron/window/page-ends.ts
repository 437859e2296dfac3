import type { ErrorRecord } from '../../renderer/core/errors.ts';

/** Ends of the page's process this close together are no accident: nothing is started again without asking. */
const WINDOW_MS = 60_000;
const ENDS_TO_ASK = 2;

/** The end of a page's process, as the page after it is told. */
export interface PageEnd {
  /** What to report where nothing is restored. */
  readonly problem: ErrorRecord;
  /** Another one came shortly before. */
  readonly isRepeated: boolean;
}

/** What to do after the page's process ended, so that a scene that ends it is not opened again for ever. */
export class PageEnds {
  private times: number[] = [];
  private end: PageEnd | undefined;

  constructor(private readonly nowMs: () => number = Date.now) {}

  /**
   * Notes an end for one of Electron's reasons: whether the page may be loaded again at once, or a person has to say
   * so.
   */
  add(reason: string): 'reload' | 'ask' {
    const now = this.nowMs();
    this.times = [...this.times.filter((time) => now - time < WINDOW_MS), now];
    const isRepeated = this.times.length >= ENDS_TO_ASK;
    const problem = {
      code: 'io',
      message:
        `The window's process ended (${reason === 'oom' ? 'out of memory' : reason}), ` +
        'and the window was loaded again without a scene.',
      advice:
        'Open the scene again with File > Open. If that ends it once more, close other programs, ' +
        'or open a smaller scene; Help > Show Log File has the rest.',
    };
    this.end = { problem, isRepeated };
    return isRepeated ? 'ask' : 'reload';
  }

  /** A person wants the page again: ends before that count no more. */
  forgive(): void {
    this.times = [];
  }

  /** What the page that was loaded after an end has to know; once an end. */
  takeEnd(): PageEnd | undefined {
    const { end } = this;
    this.end = undefined;
    return end;
  }
}
