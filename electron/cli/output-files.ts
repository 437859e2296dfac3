import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';

/** Throws `usage` where `output` is one of the `inputs`, links followed: inputs are never overwritten. */
export async function assertNotAnInput(output: string, inputs: readonly string[]): Promise<void> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  const target = await real(output);
  for (const input of inputs) {
    if ((await real(input)) === target)
      throw new SplatError('usage', `${output} is an input file and won't be overwritten.`, 'Choose another output.');
  }
}
