import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';

/**
 * The path with the ending that its content calls for, since not every system's dialog adds it. The dialog did not ask
 * about the longer name, so a file that has it is not replaced.
 */
export async function withEnding(path: string, ending: string): Promise<string> {
  if (path.toLowerCase().endsWith(ending)) return path;
  const whole = `${path}${ending}`;
  const isTaken = await access(whole).then(
    () => true,
    () => false,
  );
  if (isTaken)
    throw new SplatError('io', `${basename(whole)} exists already and was left as it is.`, 'Choose another name.');
  return whole;
}
