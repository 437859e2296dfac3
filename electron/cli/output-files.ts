import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';

/** Scene file name without folder and extension: `a/biker.compressed.ply` is `biker`. */
export function sceneStem(path: string): string {
  const name = basename(path);
  return name.replace(/(\.compressed)?\.[^.]+$/i, '') || name;
}

/** Throws `usage` where `output` is one of the `inputs`, links followed: inputs are never overwritten. */
export async function assertNotAnInput(output: string, inputs: readonly string[]): Promise<void> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  const target = await real(output);
  for (const input of inputs) {
    if ((await real(input)) === target) throw new SplatError('usage', `${output} is an input file and won't be overwritten.`, 'Choose another output.');
  }
}
