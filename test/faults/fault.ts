/** What a fault has to work with; every try has a folder of its own. */
export interface FaultContext {
  readonly folder: string;
  /** A checkpoint that refines soon. */
  readonly model: string;
  /** The next of a row of numbers from 0 to 1 that a seed decides. */
  readonly random: () => number;
}

/** A way in which things go wrong. */
export interface Fault {
  readonly name: string;
  /**
   * Lets it happen once. Resolves with what was seen, in a few words that are counted over all tries; throws where
   * something was lost, half-written, left running or not said.
   */
  readonly attempt: (context: FaultContext) => Promise<string>;
}
