/** Names of the failures that a person can meet; the UI and the CLI decide by name, never by message. */
export type SplatErrorCode =
  | 'unknown-format'
  | 'truncated-file'
  | 'invalid-file'
  | 'unsupported-feature'
  | 'empty-scene'
  | 'io'
  | 'network'
  | 'exists'
  | 'model-invalid'
  | 'gpu-unavailable'
  | 'gpu-lost'
  | 'gpu-error'
  | 'out-of-memory'
  | 'cancelled'
  | 'usage';

/**
 * An error meant for a person: `message` is a sentence saying what failed and why,
 * `advice` (optional) a sentence saying what to do about it.
 */
export class SplatError extends Error {
  constructor(
    readonly code: SplatErrorCode,
    message: string,
    readonly advice?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SplatError';
  }

  /** One line for a status bar or terminal: message, then advice. */
  get sentence(): string {
    return this.advice === undefined ? this.message : `${this.message} ${this.advice}`;
  }
}

/** Wraps anything thrown in a SplatError, keeping the original as `cause`. */
export function toSplatError(error: unknown, code: SplatErrorCode, context: string): SplatError {
  if (error instanceof SplatError) return error;
  if (error instanceof DOMException && error.name === 'AbortError') return cancelled(context);
  const reason = error instanceof Error ? error.message : String(error);
  return new SplatError(code, `${context}: ${reason}`, undefined, { cause: error });
}

export function cancelled(what: string): SplatError {
  return new SplatError('cancelled', `${what} was cancelled.`);
}

/** Throws the named `cancelled` error once `signal` has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw cancelled(what);
}
