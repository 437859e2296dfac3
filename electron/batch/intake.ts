import { randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DEFAULT_PATTERN, addItems, changeSettings } from '../../renderer/batch/queue.ts';
import type { BatchQueue, NewItem } from '../../renderer/batch/queue.ts';
import { findScenes } from '../files/scene-inputs.ts';

/** What adding files brings: the items, and the folder beside them, where answers go unless there is another. */
export interface Intake {
  readonly items: readonly NewItem[];
  /** See `FoundScenes`. */
  readonly models: number;
  readonly folderBeside: string;
}

/**
 * The scenes behind `paths`: files as they are, folders with their sub-folders, except where the answers go.
 * @param queue gives the queue of that moment. A search may take minutes, so one whose output folder was changed
 * meanwhile
 *   begins anew: it may hold answers as inputs, or lack scenes.
 * @throws SplatError as `findScenes`
 */
export async function gather(paths: readonly [string, ...string[]], queue: () => BatchQueue): Promise<Intake> {
  const folderBeside = join(await folderOf(paths[0]), 'refined');
  for (;;) {
    const except = outputFolderOf(queue(), folderBeside);
    const { scenes, models } = await findScenes(paths, { recursive: true, except });
    const items = await Promise.all(
      scenes.map(async ({ path, stem, subfolder }): Promise<NewItem> => {
        const input = resolve(path);
        const bytes = await sceneBytes(input);
        return {
          id: randomUUID(),
          input,
          stem,
          folder: subfolder === '' ? basename(dirname(input)) : subfolder,
          bytes,
        };
      }),
    );
    if (outputFolderOf(queue(), folderBeside) === except) return { items, models, folderBeside };
  }
}

/** Bytes of a scene: of a folder that is one, those of the files in it; 0 where they can't be told. */
async function sceneBytes(path: string): Promise<number> {
  try {
    const info = await stat(path);
    if (!info.isDirectory()) return info.size;
    const names = await readdir(path, { recursive: true });
    const files = await Promise.all(names.map((name) => stat(join(path, name))));
    return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  } catch {
    return 0;
  }
}

/** The queue with what was gathered; scenes that it holds already stay as they are. */
export function admit(queue: BatchQueue, { items, folderBeside }: Pick<Intake, 'items' | 'folderBeside'>): BatchQueue {
  const fuller = addItems(changeSettings(queue, { outputFolder: outputFolderOf(queue, folderBeside) }), items);
  const stems = new Set(fuller.items.map(({ stem }) => stem.toLowerCase()));
  // Captures keep one name in many folders (point_cloud.ply): the folder then distinguishes the answers. Files that are
  // under way keep their pattern; equal names are numbered there.
  const isAmbiguous = stems.size < fuller.items.length && fuller.settings.pattern === DEFAULT_PATTERN;
  return isAmbiguous && fuller.run === 'idle'
    ? changeSettings(fuller, { pattern: `{folder}-${DEFAULT_PATTERN}` })
    : fuller;
}

/** Unless a person chose it, the output folder of a list that is empty lies beside what is added. */
function outputFolderOf({ settings, items }: BatchQueue, folderBeside: string): string {
  return settings.outputFolder !== undefined && (settings.outputFolderIsChosen || items.length > 0)
    ? settings.outputFolder
    : folderBeside;
}

async function folderOf(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  return resolve(isFolder ? path : dirname(path));
}
