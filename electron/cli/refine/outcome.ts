import type { SplatError } from '../../../renderer/core/errors.ts';
import type { RefineReport } from '../../../renderer/refine/refine-scene.ts';
import type { RefineItem } from './plan.ts';

/** How it went with one scene. */
export interface Outcome extends RefineItem {
  readonly ok: boolean;
  /** Whether the answer of an earlier run was left standing. */
  readonly skipped?: true;
  readonly report?: RefineReport;
  /** What the answer's file does not hold as the answer does, as sentences. */
  readonly notes?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

export function refined(item: RefineItem, report: RefineReport, notes: readonly string[]): Outcome {
  return { ...item, ok: true, report, ...(notes.length === 0 ? {} : { notes }) };
}

export function skipped(item: RefineItem): Outcome {
  return { ...item, ok: true, skipped: true };
}

export function failed(item: RefineItem, error: SplatError): Outcome {
  return { ...item, ok: false, error: { code: error.code, message: error.sentence } };
}

/** How a whole run went, in numbers. */
export interface Summary {
  readonly files: number;
  readonly refined: number;
  readonly skipped: number;
  readonly failed: number;
  /** Scenes that a cancelled run did not come to. */
  readonly left: number;
  readonly seconds: number;
}

/** Counts outcomes as they come, without keeping them. */
export class Tally {
  private refined = 0;
  private skipped = 0;
  private failed = 0;
  private readonly startedMs = performance.now();

  constructor(private readonly files: number) {}

  add(outcome: Outcome): void {
    if (!outcome.ok) this.failed += 1;
    else if (outcome.skipped === true) this.skipped += 1;
    else this.refined += 1;
  }

  get summary(): Summary {
    const { files, refined, skipped, failed } = this;
    return {
      files,
      refined,
      skipped,
      failed,
      left: files - refined - skipped - failed,
      seconds: Math.round(performance.now() - this.startedMs) / 1000,
    };
  }
}
