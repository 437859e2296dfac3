/** One step of a long job. `fraction` runs 0..1 within `stage`; stages follow each other in the order reported. */
export interface Progress<Stage extends string = string> {
  readonly stage: Stage;
  readonly fraction: number;
  /** About how long the job will still take, where that can be told. */
  readonly remainingSeconds?: number | undefined;
}

export type ProgressListener<Stage extends string = string> = (progress: Progress<Stage>) => void;

/** What every job of over a second takes: a way to be cancelled and a way to tell how far it is. */
export interface JobOptions<Stage extends string = string> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener<Stage> | undefined;
}
