import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from '../cli-run.ts';
import { cropPly } from '../crop-ply.ts';
import { sample as look } from './samples.ts';
import type { Sample } from './samples.ts';

const SPLATS = 64;
const EVERY_MS = 1000;

export interface ListOptions {
  readonly folder: string;
  /** A checkpoint. */
  readonly model: string;
  /** A PLY scene of which the beginning is taken. */
  readonly sample: Buffer;
  readonly files: number;
  /** Hears of each look at the process. */
  readonly onSample: (sample: Sample) => void;
}

/** Refines a list of tiny scenes by the built command line, looking at it each second. */
export async function soakCommandLine({ folder, model, sample, files, onSample }: ListOptions): Promise<void> {
  const input = join(folder, 'list');
  await mkdir(input);
  const scene = cropPly(sample, SPLATS);
  for (let i = 0; i < files; i++) await writeFile(join(input, `${String(i).padStart(5, '0')}.ply`), scene);
  const args = ['refine', input, '--out-dir', join(folder, 'refined'), '--model', model, '--device', 'cpu'];
  const begun = performance.now();
  const watch = {
    everyMs: EVERY_MS,
    look: (pid: number): void => onSample(look(pid, (performance.now() - begun) / 60_000)),
  };
  const { code, output } = await runCli(args, { watch });
  if (code !== 0) throw new Error(`The command line ended with ${code} over ${files} scenes: ${output.slice(-500)}`);
}
