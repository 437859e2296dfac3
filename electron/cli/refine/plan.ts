import { join, resolve } from 'node:path';
import { SplatError } from '../../../renderer/core/errors.ts';
import { FILE_EXTENSIONS } from '../../../renderer/core/writable-formats.ts';
import { FilesRead } from '../../files/files-read.ts';
import type { SceneInput } from '../../files/scene-inputs.ts';
import type { Shard } from '../arguments.ts';
import type { RefineSettings } from './settings.ts';

/** One scene and the file that its answer goes to. */
export interface RefineItem {
  readonly input: string;
  readonly output: string;
}

/**
 * Checks, before anything is done, that neither an answer nor the report replaces a file that is read or each other.
 * @throws SplatError `usage`
 */
export async function assertNothingReplaced(
  items: readonly RefineItem[],
  report: string | undefined,
  read: FilesRead,
): Promise<void> {
  const replaced: string[] = [];
  const answers = new FilesRead();
  for (const { input, output } of items) {
    const name = (await read.replacedBy(output)) ?? (await answers.replacedBy(output));
    if (name !== undefined)
      replaced.push(`${input} to ${output}${resolve(name) === resolve(output) ? '' : `, which is ${name}`}`);
    await answers.addOutput(output);
  }
  if (replaced.length > 0)
    throw new SplatError(
      'usage',
      `Answers would replace files that this run reads or writes: ${someOf(replaced)}.`,
      'Use another output folder, or leave those inputs out.',
    );
  if (report === undefined) return;
  await read.assertFree(report);
  if ((await answers.replacedBy(report)) !== undefined)
    throw new SplatError(
      'usage',
      `${report} is one of the answers and can't hold the report too.`,
      'Choose another name for the report.',
    );
}

/** Collisions named in one message: enough to see the pattern. */
const NAMED_COLLISIONS = 3;

/**
 * Where every answer goes: DIR/NAME, or DIR/SUB-FOLDER/NAME for a recursive run.
 * @throws SplatError `usage` where two answers would be one file
 */
export function planOutputs(
  scenes: readonly SceneInput[],
  settings: Pick<RefineSettings, 'directory' | 'recursive' | 'format'>,
): readonly RefineItem[] {
  const inputOf = new Map<string, string>();
  const collisions: string[] = [];
  const items = scenes.map(({ path, subfolder, stem }): RefineItem => {
    const output = join(
      settings.directory,
      settings.recursive ? subfolder : '',
      `${stem}${FILE_EXTENSIONS[settings.format]}`,
    );
    const key = fileKey(output);
    const other = inputOf.get(key);
    if (other === undefined) inputOf.set(key, path);
    else collisions.push(`${other} and ${path} to ${output}`);
    return { input: path, output };
  });
  if (collisions.length > 0) {
    throw new SplatError(
      'usage',
      `Different scenes would be written to one file: ${someOf(collisions)}.`,
      settings.recursive
        ? 'Rename them, or use different output folders.'
        : 'Rename them, use different output folders, or --recursive on a folder, which keeps its sub-folders.',
    );
  }
  return items;
}

/** File systems of Windows and macOS see one file where the names differ by case alone. */
function fileKey(path: string): string {
  return process.platform === 'linux' ? resolve(path) : resolve(path).toLowerCase();
}

function someOf(collisions: readonly string[]): string {
  const more = collisions.length > NAMED_COLLISIONS ? ` (and ${collisions.length - NAMED_COLLISIONS} more)` : '';
  return `${collisions.slice(0, NAMED_COLLISIONS).join('; ')}${more}`;
}

/**
 * The part of a list that falls to one of several processes: every n-th of the inputs sorted by path, so that sizes
 * mix.
 */
export function takeShard(items: readonly RefineItem[], { index, count }: Shard): readonly RefineItem[] {
  const sorted = [...items].sort((a, b) => (a.input < b.input ? -1 : Number(a.input > b.input)));
  return sorted.filter((_, place) => place % count === index - 1);
}
