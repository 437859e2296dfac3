import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { outputName } from '../../renderer/batch/naming.ts';
import type { BatchItem, BatchQueue } from '../../renderer/batch/queue.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { placeOfScene } from '../../renderer/io/node-write-scene.ts';
import { FilesRead } from '../files/files-read.ts';

/** Absolute path of an item's answer: never another item's answer, never a file of the list. */
export function outputOf(item: BatchItem, { settings, items }: BatchQueue, modelName: string): string {
  const folder = resolve(settings.outputFolder ?? dirname(item.input));
  const taken = new Set<string>();
  for (const { id, input, output } of items) {
    if (dirname(input) === folder) taken.add(basename(input).toLowerCase());
    if (id === item.id || output === undefined) continue;
    const place = placeOfScene(output);
    if (dirname(place) === folder) taken.add(basename(place).toLowerCase());
  }
  const parts = { item, number: items.indexOf(item) + 1, modelName, settings };
  // Of a folder's name and the file in it that is opened, the folder is what may be there already.
  return join(
    folder,
    outputName(parts, (lower) => taken.has(lower.split('/')[0])),
  );
}

/**
 * Checks that an answer replaces no file that the batch reads, by whatever name a link gives it.
 * @throws SplatError `usage`
 */
export async function assertNoInput(output: string, items: readonly BatchItem[], modelPath: string): Promise<void> {
  // What is not there replaces nothing; a list may be long.
  if ((await lstat(placeOfScene(output)).catch(() => undefined)) === undefined) return;
  const read = new FilesRead();
  for (const { input } of items) await read.addScene(input);
  await read.addModel(modelPath);
  const name = await read.replacedBy(output);
  if (name === undefined) return;
  throw new SplatError(
    'usage',
    `${basename(placeOfScene(output))} is ${basename(name)} under another name, ` +
      'and what this batch reads is never overwritten.',
    'Choose another output folder.',
  );
}
