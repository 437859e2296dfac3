import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/**
 * Files beside a SOG scene's manifest that belong to it: its pictures; of one with levels of detail (lod-meta.json),
 * the levels' manifests and pictures below it. None for any other file.
 */
export async function sogFilesBeside(manifest: string): Promise<readonly string[]> {
  if (extname(manifest).toLowerCase() !== '.json') return [];
  const hasLevels = basename(manifest).toLowerCase() === 'lod-meta.json';
  const entries = await readdir(dirname(manifest), { withFileTypes: true, recursive: hasLevels });
  const wanted = entries.filter(
    (entry) =>
      entry.isFile() && (extname(entry.name).toLowerCase() === '.webp' || (hasLevels && entry.name === 'meta.json')),
  );
  return wanted.map((entry) => join(entry.parentPath, entry.name));
}
