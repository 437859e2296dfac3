import type { FromWorker, ToWorker } from './messages.ts';

/** A line to a process that refines. */
export interface WorkerLine {
  send(message: ToWorker): void;
  /** Ends the process at once, whatever it does. */
  end(): void;
}

export interface WorkerListener {
  message(message: FromWorker): void;
  ended(code: number): void;
}

export type StartWorker = (listener: WorkerListener) => WorkerLine;

interface Held {
  readonly line: WorkerLine;
  readonly modelPath: string;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  hasSpoken: boolean;
}

export interface SlotEvents {
  message(message: FromWorker): void;
  /** The process ended by itself. `hasSpoken`: it broke down at work; without it, it never came up. */
  died(code: number, hasSpoken: boolean): void;
}

/**
 * Holds the batch's one process: started at the first wish, and again after it ended. What a former one says is not
 * heard.
 */
export class WorkerSlot {
  private held: Held | undefined;

  constructor(
    private readonly start: StartWorker,
    private readonly events: SlotEvents,
  ) {}

  /** The process that is there, if there is one. */
  get line(): WorkerLine | undefined {
    return this.held?.line;
  }

  /** The process for a model. Networks stay in memory for the life of a process, so another model gets another one. */
  lineFor(modelPath: string): WorkerLine {
    if (this.held !== undefined && this.held.modelPath !== modelPath) void this.end();
    return (this.held ??= this.fresh(modelPath)).line;
  }

  /** Ends the process; resolves when it is gone and can write nothing more. */
  async end(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    held?.line.end();
    await held?.gone;
  }

  private fresh(modelPath: string): Held {
    let resolveGone: () => void = () => undefined;
    const gone = new Promise<void>((settle) => {
      resolveGone = settle;
    });
    const line = this.start({
      message: (message) => {
        if (this.held !== held) return;
        held.hasSpoken = true;
        this.events.message(message);
      },
      ended: (code) => {
        resolveGone();
        if (this.held !== held) return;
        this.held = undefined;
        this.events.died(code, held.hasSpoken);
      },
    });
    const held: Held = { line, modelPath, gone, hasSpoken: false };
    return held;
  }
}
