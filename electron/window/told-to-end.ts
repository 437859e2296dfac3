/**
 * Calls `onEnd` when this process is asked to end by a signal, or when whoever started it with a channel to it is gone.
 * The latter is how a task notices that its command line was killed. Electron takes signals for itself while it becomes
 * ready, so this holds only afterwards.
 */
export function whenToldToEnd(onEnd: () => void): void {
  // What a starter that is gone would have read has nowhere to go; Electron would show the error to a person.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onEnd);
  process.on('disconnect', onEnd);
  // A starter that went while this process became ready told nobody.
  if (process.connected === false) onEnd();
}
