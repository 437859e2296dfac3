import type { Progress } from '../../renderer/core/progress.ts';
import { fileFraction, stageLabel } from '../../renderer/core/stages.ts';
import type { FileStage } from '../../renderer/core/stages.ts';

/** The work on one file while it is under way: how far it is and how long it took, pauses not counted. */
export class FileRun {
  progress: Progress<FileStage> = { stage: 'Starting', fraction: 0 };
  splats: number | undefined;
  /** A person cancelled it; its process is being ended. */
  isCancelled = false;
  private readonly startedMs = performance.now();
  private pausedMs = 0;
  private pausedSinceMs: number | undefined;

  constructor(
    readonly id: string,
    readonly output: string,
  ) {}

  get elapsedMs(): number {
    const now = this.pausedSinceMs ?? performance.now();
    return now - this.startedMs - this.pausedMs;
  }

  /** Of this file, 0 to 1. */
  get fraction(): number {
    return fileFraction(this.progress);
  }

  get stage(): string {
    return stageLabel(this.progress.stage);
  }

  hold(): void {
    this.pausedSinceMs ??= performance.now();
  }

  release(): void {
    if (this.pausedSinceMs !== undefined) this.pausedMs += performance.now() - this.pausedSinceMs;
    this.pausedSinceMs = undefined;
  }
}
