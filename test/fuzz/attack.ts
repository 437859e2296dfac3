import { SplatError } from '../../renderer/core/errors.ts';
import { mutate } from './mutate.ts';
import { diceOf } from './random.ts';
import type { Seed } from './target.ts';

/** What became of an input: `accepted`, a SplatError's code, or a failure in words. */
export type Outcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failure'; readonly what: string };

/** Longest message that still is a sentence. */
const LONGEST_MESSAGE = 500;

/** How libraries and the engine talk. */
const FOREIGN_WORDS = new RegExp(
  [
    'undefined|\\[object |Cannot (read|set|convert)|is not a function|Maximum call|offset is out',
    '\\bZod(Error)?\\b|Invalid (input|option|key)|received |Too (small|big):|Unrecognized|Unexpected (token|end|non)',
    'invalid (distance|stored|block|code)',
  ].join('|'),
);

export interface Input {
  readonly seed: Seed;
  readonly bytes: Uint8Array;
}

/** The input at a place of a run; the same for the same arguments. */
export function inputAt(seeds: readonly Seed[], runSeed: number, target: string, index: number): Input {
  const dice = diceOf(runSeed, target, index);
  // Large seeds cost more and hold no more structure, so they come less often.
  const weights = seeds.map(({ bytes }) => 1 / Math.sqrt(1024 + bytes.length));
  let left = dice.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = weights.findIndex((weight) => (left -= weight) < 0);
  const seed = seeds[Math.max(0, chosen)];
  return { seed, bytes: mutate(seed.bytes, dice.pick(seeds).bytes, dice) };
}

/** Reads an input and judges how that ended. */
export async function attack({ seed, bytes }: Input): Promise<Outcome> {
  try {
    await seed.read(bytes);
    return { kind: 'accepted' };
  } catch (error) {
    const what = wrongWith(error);
    if (what !== undefined) return { kind: 'failure', what };
    return { kind: 'refused', code: (error as SplatError).code };
  }
}

/** What keeps an error from being one for people; undefined for a named one in words of people, with advice. */
export function wrongWith(error: unknown): string | undefined {
  if (!(error instanceof SplatError)) return `unnamed: ${traceOf(error)}`;
  const { code, message, advice, cause } = error;
  const told = `${code}: ${message}`;
  if (code === 'cancelled') return `nobody cancelled: ${told}`;
  if (advice === undefined) return `no advice: ${told}`;
  if (message.length > LONGEST_MESSAGE) return `${message.length} characters long: ${told.slice(0, 200)}`;
  if ([...message].some((letter) => letter < ' ')) return `control characters: ${told}`;
  const foreign = cause instanceof Error && !(cause instanceof SplatError) ? cause.message : '';
  const passesThrough = code !== 'io' && foreign.length > 3 && message.includes(foreign);
  if (passesThrough || FOREIGN_WORDS.test(`${message} ${advice}`)) return `words of a library: ${told}`;
  return undefined;
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [place] = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name}: ${error.message.slice(0, 200)}${place === undefined ? '' : ` (${place.trim()})`}`;
}
