import { existsSync, readFileSync } from 'node:fs';
import { replaceFileSync } from '../../renderer/io/node-write.ts';
import type { Costly } from './attacker.ts';

/** What a target's inputs came to. */
export interface Sums {
  /** Inputs by outcome: `accepted`, an error's code, or `failure`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Different failures. */
  readonly failures: number;
  /** Milliseconds of computing. */
  readonly slowest: Costly;
  /** Bytes of the process, what it held before counted in. */
  readonly largest: Costly;
  /** The place in the run at which the next inputs are. */
  readonly next: number;
}

const NONE: Costly = { index: -1, cost: 0 };
export const NOTHING: Sums = { outcomes: {}, failures: 0, slowest: NONE, largest: NONE, next: 0 };

export function inputsOf({ outcomes }: Sums): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0);
}

/** The sums of inputs and of more of them. */
export function added(a: Sums, b: Sums): Sums {
  const outcomes = { ...a.outcomes };
  for (const [kind, count] of Object.entries(b.outcomes)) outcomes[kind] = (outcomes[kind] ?? 0) + count;
  return {
    outcomes,
    failures: a.failures + b.failures,
    slowest: costlier(a.slowest, b.slowest),
    largest: costlier(a.largest, b.largest),
    next: Math.max(a.next, b.next),
  };
}

function costlier(a: Costly, b: Costly): Costly {
  return b.cost > a.cost ? b : a;
}

interface CountsFile {
  readonly seed: number;
  readonly targets: Readonly<Record<string, Sums>>;
}

/** Sums over many runs of one seed, in a file that each goes on with: inputs of one are none of another. */
export class Counts {
  private constructor(
    private readonly file: string,
    readonly seed: number,
    private targets: Readonly<Record<string, Sums>>,
  ) {}

  /** @param seed of a file that is new */
  static read(file: string, seed: number): Counts {
    if (!existsSync(file)) return new Counts(file, seed, {});
    const { seed: known, targets } = JSON.parse(readFileSync(file, 'utf8')) as CountsFile;
    return new Counts(file, known, targets);
  }

  of(target: string): Sums {
    return this.targets[target] ?? NOTHING;
  }

  /** Keeps what more inputs of a target came to. */
  keep(target: string, more: Sums): void {
    this.targets = { ...this.targets, [target]: added(this.of(target), more) };
    replaceFileSync(this.file, `${JSON.stringify({ seed: this.seed, targets: this.targets }, null, 1)}\n`);
  }
}
