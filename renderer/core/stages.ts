import type { Progress } from './progress.ts';

/**
 * The stages of reading, refining and saving one file: its name for people, and where it begins and ends on the way
 * from 0 to 1, by how long it takes on a CPU. Planning and the network alternate by block and share one interval.
 */
const fileStages = {
  Starting: { label: 'Starting', from: 0, to: 0 },
  'Loading the model': { label: 'Loading the model', from: 0, to: 0 },
  Decoding: { label: 'Reading', from: 0, to: 0.05 },
  'Reading splats': { label: 'Reading', from: 0, to: 0.1 },
  region: { label: 'Finding the subject', from: 0.1, to: 0.12 },
  sight: { label: 'Analysing views', from: 0.12, to: 0.25 },
  plan: { label: 'Planning', from: 0.25, to: 0.6 },
  network: { label: 'Network', from: 0.3, to: 0.6 },
  check: { label: 'Checking views', from: 0.6, to: 0.68 },
  reconcile: { label: 'Checking views', from: 0.68, to: 0.9 },
  finish: { label: 'Applying', from: 0.9, to: 0.92 },
  'Writing splats': { label: 'Encoding', from: 0.92, to: 0.97 },
  Encoding: { label: 'Encoding', from: 0.92, to: 0.97 },
  Saving: { label: 'Saving', from: 0.97, to: 1 },
} as const satisfies Record<string, { readonly label: string; readonly from: number; readonly to: number }>;

/** A stage of the work on one file, as `--progress` of the command line and messages between processes name it. */
export type FileStage = keyof typeof fileStages;

/** A stage of refining itself. */
export type RefineStage = Extract<
  FileStage,
  'region' | 'sight' | 'plan' | 'network' | 'check' | 'reconcile' | 'finish'
>;

function isFileStage(stage: string): stage is FileStage {
  return Object.hasOwn(fileStages, stage);
}

/** Names a stage for people. Stages of other jobs are named for people already. */
export function stageLabel(stage: string): string {
  return isFileStage(stage) ? fileStages[stage].label : stage;
}

/** Computes how far one file is, 0 to 1. */
export function fileFraction({ stage, fraction }: Progress<FileStage>): number {
  const { from, to } = fileStages[stage];
  return from + (to - from) * Math.min(1, Math.max(0, fraction));
}
