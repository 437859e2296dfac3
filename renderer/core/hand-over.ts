import { SplatError } from './errors.ts';

/**
 * Sends a message with a copy of a scene to another thread or process.
 * @param what the job that needs it, as a sentence begins
 * @throws SplatError `out-of-memory` where the copy does not fit into one message
 */
export function handOver(what: string, send: () => void): void {
  try {
    send();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error;
    throw new SplatError(
      'out-of-memory',
      `${what} failed: it works on a copy of the scene, which is larger than the 2 GB that can be handed over at once.`,
      'Select a part of the scene and keep only that (Edit > Keep Only Selected), then try again.',
      { cause: error },
    );
  }
}
