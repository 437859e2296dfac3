import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';

/** @throws Error where a scene is there, but not whole. Resolves with whether it is there. */
export async function isThereWhole(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const source = await openFileSource(path);
  try {
    await readScene(source);
    return true;
  } catch (error) {
    throw new Error(`${basename(path)} is half-written: ${String(error)}`, { cause: error });
  } finally {
    await source.close();
  }
}

/** @throws Error where a scene of a folder is not whole. Resolves with how many there are. */
export async function countWhole(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const scenes = readdirSync(folder).filter((name) => /\.(ply|spz)$/.test(name) && !name.startsWith('.'));
  for (const name of scenes) await isThereWhole(join(folder, name));
  return scenes.length;
}

/** @throws Error where an unfinished file lies in a folder */
export function expectNoLeftovers(folder: string): void {
  const left = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('.splatformer-')) : [];
  if (left.length > 0) throw new Error(`${basename(dirname(folder))} holds ${left.join(', ')}.`);
}

export function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
