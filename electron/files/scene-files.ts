import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/**
 * Files beside a SOG scene's manifest that belong to it: its pictures; of one with levels of detail (lod-meta.json),
 * the levels' manifests and pictures below it; beside a .gltf file the buffers. None for any other file.
 */
export async function filesBeside(manifest: string): Promise<readonly string[]> {
  const extension = extname(manifest).toLowerCase();
  if (extension !== '.json' && extension !== '.gltf') return [];
  const belongs = extension === '.gltf' ? '.bin' : '.webp';
  const hasLevels = basename(manifest).toLowerCase() === 'lod-meta.json';
  const entries = await readdir(dirname(manifest), { withFileTypes: true, recursive: hasLevels });
  const wanted = entries.filter(
    (entry) =>
      entry.isFile() && (extname(entry.name).toLowerCase() === belongs || (hasLevels && entry.name === 'meta.json')),
  );
  return wanted.map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The manifest among a folder's entries where the folder is one unbundled SOG scene, whatever else is in it; undefined
 * where it is none.
 */
export function sogManifestAmong(entries: readonly Dirent[]): string | undefined {
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const named = (wanted: string): string | undefined => names.find((name) => name.toLowerCase() === wanted);
  const hasPictures = names.some((name) => name.toLowerCase().endsWith('.webp'));
  return named('lod-meta.json') ?? (hasPictures ? named('meta.json') : undefined);
}

/** What a scene's file is called before people: a SOG manifest has its folder's name, as its own says nothing. */
export function sceneTitle(path: string): string {
  const isManifest = ['meta.json', 'lod-meta.json'].includes(basename(path).toLowerCase());
  return (isManifest && basename(dirname(path))) || basename(path);
}
