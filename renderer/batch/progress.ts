import type { Progress } from '../core/progress.ts';
import type { BatchItem } from './queue.ts';
import { isOpen } from './queue.ts';

/** Where the refinement itself begins and ends on a file's way. */
const REFINE = { from: 0.1, to: 0.92 } as const;

/**
 * Where each stage of one file begins and ends on its way from 0 to 1, by how long they take on a CPU; and its name for
 * people.
 */
const STAGES: Readonly<Record<string, { readonly label: string; readonly from: number; readonly to: number }>> = {
  Starting: { label: 'Starting', from: 0, to: 0 },
  'Loading the model': { label: 'Loading the model', from: 0, to: 0 },
  Decoding: { label: 'Reading', from: 0, to: 0.05 },
  'Reading splats': { label: 'Reading', from: 0, to: 0.1 },
  sight: { label: 'Looking', from: REFINE.from, to: 0.25 },
  plan: { label: 'Planning', from: 0.25, to: 0.6 },
  network: { label: 'Refining', from: 0.3, to: 0.6 },
  check: { label: 'Checking', from: 0.6, to: 0.68 },
  reconcile: { label: 'Matching', from: 0.68, to: 0.9 },
  finish: { label: 'Applying', from: 0.9, to: REFINE.to },
  'Writing splats': { label: 'Encoding', from: 0.92, to: 0.97 },
  Encoding: { label: 'Encoding', from: 0.92, to: 0.97 },
  Saving: { label: 'Saving', from: 0.97, to: 1 },
};

/** A stage of the work on one file, for people. Stages that only the code knows keep their name. */
export function stageLabel(stage: string): string {
  return STAGES[stage]?.label ?? stage;
}

/** How far one file is, 0 to 1. Planning and the network alternate by block and share one stretch. */
export function fileFraction({ stage, fraction }: Progress): number {
  const { from, to } = STAGES[stage] ?? { from: 0, to: 0 };
  return from + (to - from) * Math.min(1, Math.max(0, fraction));
}

/** How far a refinement alone is, 0 to 1: from the first look at the scene to its answer. */
export function refineFraction(progress: Progress): number {
  return Math.min(1, Math.max(0, (fileFraction(progress) - REFINE.from) / (REFINE.to - REFINE.from)));
}

export interface BatchProgress {
  /** Share of all bytes that is dealt with, 0 to 1. */
  readonly fraction: number;
  /** Bytes still to refine, of files that wait or run. */
  readonly bytesLeft: number;
}

/** How far the whole batch is, weighing each file by its size; `current` is how far the running one is. */
export function batchProgress(items: readonly Pick<BatchItem, 'state' | 'bytes'>[], current: number): BatchProgress {
  let total = 0;
  let left = 0;
  for (const item of items) {
    // An empty file still counts for a little, so that a list of them moves.
    const weight = Math.max(1, item.bytes);
    total += weight;
    if (isOpen(item)) left += weight * (item.state === 'running' ? 1 - current : 1);
  }
  return { fraction: total === 0 ? 0 : 1 - left / total, bytesLeft: left };
}
