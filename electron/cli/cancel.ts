import { SplatError } from '../../renderer/core/errors.ts';

/** What ends a run early: a signal, or that whoever read its output is gone, which shells know as SIGPIPE. */
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;
type Ending = keyof typeof SIGNAL_NUMBERS;

/** A second signal this long after the first means that the person does not want to wait. */
const IMPATIENT_MS = 1000;

/** The exit code that shells give a process which a signal ended. */
export function exitCodeOf(ending: Ending): number {
  return 128 + SIGNAL_NUMBERS[ending];
}

/**
 * Runs the work of a command, which a signal may end: `body` throws `cancelled` then, and the command's exit code says
 * so.
 * @returns the exit code
 */
export async function cancellable(body: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const cancel = listenForCancel();
  try {
    return await body(cancel.signal);
  } catch (error) {
    if (error instanceof SplatError && error.code === 'cancelled' && cancel.ending !== undefined)
      return exitCodeOf(cancel.ending);
    throw error;
  } finally {
    cancel.stop();
  }
}

interface Cancel {
  readonly signal: AbortSignal;
  /** What came first, undefined while nothing has. */
  readonly ending: Ending | undefined;
  stop(): void;
}

/**
 * Turns Ctrl-C and termination signals into an abort, so that a run ends between two stages with nothing half-written
 * and its report in place. A launcher and the terminal may both pass the same Ctrl-C on, so a second signal ends the
 * process only after a second; the network's current pass is not waited for then.
 */
function listenForCancel(): Cancel {
  const controller = new AbortController();
  let first: { readonly ending: Ending; readonly ms: number } | undefined;
  const end = (ending: Ending): void => {
    first ??= { ending, ms: performance.now() };
    if (performance.now() - first.ms > IMPATIENT_MS) process.exit(exitCodeOf(first.ending));
    controller.abort();
  };
  const onClosed = (): void => {
    first ??= { ending: 'SIGPIPE', ms: performance.now() };
    controller.abort();
  };
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, end);
  process.stdout.on('error', onClosed);
  return {
    signal: controller.signal,
    get ending() {
      return first?.ending;
    },
    stop: () => {
      for (const name of signals) process.off(name, end);
      process.stdout.off('error', onClosed);
    },
  };
}
