/** Why the desktop could not do what the page asked: a SplatError as plain data. */
export interface DesktopFailure {
  readonly code: string;
  readonly message: string;
  readonly advice?: string | undefined;
}

/** What a message resolves with: its value, or the failure that crosses the process border as data. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: DesktopFailure };
