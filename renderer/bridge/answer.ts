import type { ErrorRecord } from '../core/errors.ts';

/** What a message resolves with: its value, or the failure that crosses the process border as data. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ErrorRecord };
