import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { outputName } from '../../renderer/batch/naming.ts';
import type { BatchItem, BatchQueue } from '../../renderer/batch/queue.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { FilesRead } from '../files/files-read.ts';

/** Absolute path of an item's answer: never another item's answer, never a file of the list. */
export function outputOf(item: BatchItem, { settings, items }: BatchQueue, modelName: string): string {
  const folder = resolve(settings.outputFolder ?? dirname(item.input));
  const taken = new Set<string>();
  for (const { id, input, output } of items) {
    if (dirname(input) === folder) taken.add(basename(input).toLowerCase());
    if (id !== item.id && output !== undefined && dirname(output) === folder) taken.add(basename(output).toLowerCase());
  }
  return join(
    folder,
    outputName({ item, number: items.indexOf(item) + 1, modelName, settings }, (lower) => taken.has(lower)),
  );
}

/**
 * Checks that an answer replaces no file that the batch reads, by whatever name a link gives it.
 * @throws SplatError `usage`
 */
export async function assertNoInput(output: string, items: readonly BatchItem[], modelPath: string): Promise<void> {
  // What is not there replaces nothing; a list may be long.
  if ((await lstat(output).catch(() => undefined)) === undefined) return;
  const read = new FilesRead();
  for (const { input } of items) await read.addScene(input);
  await read.addModel(modelPath);
  const name = await read.replacedBy(output);
  if (name === undefined) return;
  throw new SplatError(
    'usage',
    `${basename(output)} is ${basename(name)} under another name: what this batch reads is never overwritten.`,
    'Choose another output folder.',
  );
}
