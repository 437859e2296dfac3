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

/** A SplatError as plain data: what crosses threads and processes, and what files keep. */
export interface ErrorRecord {
  /** A SplatErrorCode; a string, since it comes from elsewhere. */
  readonly code: string;
  readonly message: string;
  readonly advice?: string | undefined;
}

/** One line for a status bar or terminal: message, then advice. */
export function sentenceOf({ message, advice }: ErrorRecord): string {
  return advice === undefined ? message : `${message} ${advice}`;
}

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
    super(inOneLine(message), options);
    this.name = 'SplatError';
  }

  static fromRecord({ code, message, advice }: ErrorRecord): SplatError {
    return new SplatError(code as SplatErrorCode, message, advice);
  }

  toRecord(): ErrorRecord {
    const { code, message, advice } = this;
    return { code, message, ...(advice === undefined ? {} : { advice }) };
  }

  /** See `sentenceOf`. */
  get sentence(): string {
    return sentenceOf(this);
  }
}

/** Longest message that is still read; a path may be long. */
const LONGEST_MESSAGE = 1000;

/**
 * A message as a line for a terminal or status bar: names and keys of a damaged file may hold anything, at any length.
 */
function inOneLine(message: string): string {
  const line = message.replace(/\p{Cc}+/gu, ' ');
  if (line.length <= LONGEST_MESSAGE) return line;
  const half = LONGEST_MESSAGE / 2;
  return `${line.slice(0, half - 1)}…${line.slice(-half)}`;
}

/** Whether the graphics card failed, so that the same work may still succeed on the CPU. */
export function isGpuFailure(error: unknown): error is SplatError {
  return (
    error instanceof SplatError && ['gpu-unavailable', 'gpu-lost', 'gpu-error', 'out-of-memory'].includes(error.code)
  );
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
