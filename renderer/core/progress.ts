/** One step of a long job. `fraction` runs 0..1 within `stage`; stages follow each other in the order reported. */
export interface Progress {
  readonly stage: string;
  readonly fraction: number;
  /** About how long the job will still take, where that can be told. */
  readonly remainingSeconds?: number | undefined;
}

export type ProgressListener = (progress: Progress) => void;

/** What every job of over a second takes: a way to be cancelled and a way to tell how far it is. */
export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}
