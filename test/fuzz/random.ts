import { seededRandom } from '../seeded-random.ts';

/** A sequence of numbers that looks random and is the same for the same seed. */
export class Dice {
  /** From 0 up to 1, 1 left out. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** A whole number from 0 up to `limit`, which is left out; 0 where there is none. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** The dice of one input: of which run, target and place in the run, so that each can be thrown again alone. */
export function diceOf(seed: number, target: string, index: number): Dice {
  let hash = 2166136261 ^ seed;
  for (const letter of target) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return new Dice(Math.imul(hash, 2654435761) ^ Math.imul(index + 1, 2246822519));
}
