/** Exit code of a run that Ctrl-C or a termination signal ended: what shells give a process that SIGINT ended. */
export const CANCELLED_EXIT_CODE = 130;

/** A second signal this long after the first means that the person does not want to wait. */
const IMPATIENT_MS = 1000;

/**
 * Turns Ctrl-C and termination signals into an abort, so that a run ends between two stages with nothing half-written and
 * its report in place. A launcher and the terminal may both pass the same Ctrl-C on, so a second signal ends the process
 * only after a second; the network's current pass is not waited for then.
 */
export function listenForCancel(exitCode: number): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const listen = (): void => {
    firstMs ??= performance.now();
    if (performance.now() - firstMs > IMPATIENT_MS) process.exit(exitCode);
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
