import { SplatError } from '../core/errors.ts';

/** Milliseconds that a checkpoint may take: its shapes are read in some, the published widths decoded in seconds. */
export const CHECKPOINT_MS = { describe: 30_000, load: 120_000 } as const;

/** Throws once the time is over; asked between steps of work that nobody else can end. */
export type TimeCheck = () => void;

/** A checkpoint that takes longer than any network. */
export function tooSlow(name: string, milliseconds: number): SplatError {
  return new SplatError(
    'model-invalid',
    `The checkpoint ${name} can't be read: it takes longer than ${milliseconds / 1000} seconds.`,
    'Get the file anew, or close other programs and try again.',
  );
}

/** Begins to count now. `clock` gives milliseconds. */
export function timeCheck(name: string, milliseconds: number, clock = (): number => performance.now()): TimeCheck {
  const end = clock() + milliseconds;
  return () => {
    if (clock() > end) throw tooSlow(name, milliseconds);
  };
}
