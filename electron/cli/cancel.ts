import { SplatError } from '../../renderer/core/errors.ts';

/** Exit code of a run that Ctrl-C or a termination signal ended: what shells give a process that SIGINT ended. */
const CANCELLED_EXIT_CODE = 130;

/** A second signal this long after the first means that the person does not want to wait. */
const IMPATIENT_MS = 1000;

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
    if (error instanceof SplatError && error.code === 'cancelled') return CANCELLED_EXIT_CODE;
    throw error;
  } finally {
    cancel.stop();
  }
}

/**
 * Turns Ctrl-C and termination signals into an abort, so that a run ends between two stages with nothing half-written
 * and
 * its report in place. A launcher and the terminal may both pass the same Ctrl-C on, so a second signal ends the
 * process
 * only after a second; the network's current pass is not waited for then.
 */
function listenForCancel(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const listen = (): void => {
    firstMs ??= performance.now();
    if (performance.now() - firstMs > IMPATIENT_MS) process.exit(CANCELLED_EXIT_CODE);
    controller.abort();
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
}
