/** A sequence of numbers that looks random and is the same for the same seed. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1, 1 left out (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
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
