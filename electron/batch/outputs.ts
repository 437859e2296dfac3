import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { outputName } from '../../renderer/batch/naming.ts';
import type { BatchItem, BatchQueue } from '../../renderer/batch/queue.ts';
import { SplatError } from '../../renderer/core/errors.ts';

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

/** Throws `usage` where `output` is a file of the list that a link gives another name: inputs are never overwritten. */
export async function assertNoInput(output: string, items: readonly BatchItem[]): Promise<void> {
  const there = await stat(output).catch(() => undefined);
  if (there === undefined) return;
  for (const { input } of items) {
    const info = await stat(input).catch(() => undefined);
    if (info === undefined || info.ino === 0 || info.ino !== there.ino || info.dev !== there.dev) continue;
    throw new SplatError(
      'usage',
      `${basename(output)} is ${basename(input)} of this list under another name, and inputs are never overwritten.`,
      'Choose another output folder.',
    );
  }
}
