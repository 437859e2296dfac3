/** A sound file, and how its damaged copies are read. */
export interface Seed {
  /** Stands in the names of failing inputs: letters, digits, dots and dashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** It is refused as it is, and damage may only refuse it otherwise. */
  readonly isRefused?: boolean;
  /** Reads a damaged copy as the app does; throws what the app would tell a person. */
  readonly read: (bytes: Uint8Array) => unknown;
}

/** A reader under attack. */
export interface Target {
  readonly name: string;
  readonly seeds: () => readonly Seed[] | Promise<readonly Seed[]>;
  /** Inputs in `npm test`, where all targets share some seconds. */
  readonly inputsInTests: number;
  /** Damage costs what is damaged, no more: the reader takes everything. */
  readonly isNeverRefused?: boolean;
}
