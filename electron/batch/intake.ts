import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DEFAULT_PATTERN, addItems, changeSettings } from '../../renderer/batch/queue.ts';
import type { BatchQueue, BatchSettings, NewItem } from '../../renderer/batch/queue.ts';
import { findScenes } from '../scene-inputs.ts';

/** What adding files brings: the items, and the folder that answers go to. */
export interface Intake {
  readonly items: readonly NewItem[];
  readonly outputFolder: string;
}

/**
 * The scenes behind `paths`: files as they are, folders with their sub-folders, except where the answers go. Unless a
 * person chose one, the output folder of a list that is empty becomes `refined` in the folder of the first path.
 * @throws SplatError as `findScenes`
 */
export async function gather(paths: readonly [string, ...string[]], settings: BatchSettings, isEmpty: boolean): Promise<Intake> {
  const outputFolder = settings.outputFolder !== undefined && (settings.outputFolderIsChosen || !isEmpty) ? settings.outputFolder : join(await folderOf(paths[0]), 'refined');
  const scenes = await findScenes(paths, { recursive: true, except: outputFolder });
  const items = await Promise.all(
    scenes.map(async ({ path, stem, subfolder }): Promise<NewItem> => {
      const input = resolve(path);
      const bytes = await stat(input).then(({ size }) => size, () => 0);
      return { id: randomUUID(), input, stem, folder: subfolder === '' ? basename(dirname(input)) : subfolder, bytes };
    }),
  );
  return { items, outputFolder };
}

/** The queue with what was gathered; scenes that it holds already stay as they are. */
export function admit(queue: BatchQueue, { items, outputFolder }: Intake): BatchQueue {
  const fuller = addItems(changeSettings(queue, { outputFolder }), items);
  const stems = new Set(fuller.items.map(({ stem }) => stem.toLowerCase()));
  // Captures keep one name in many folders (point_cloud.ply): the folder then tells the answers apart.
  const isAmbiguous = stems.size < fuller.items.length && fuller.settings.pattern === DEFAULT_PATTERN;
  return isAmbiguous ? changeSettings(fuller, { pattern: `{folder}-${DEFAULT_PATTERN}` }) : fuller;
}

async function folderOf(path: string): Promise<string> {
  const isFolder = await stat(path).then((info) => info.isDirectory(), () => false);
  return resolve(isFolder ? path : dirname(path));
}
