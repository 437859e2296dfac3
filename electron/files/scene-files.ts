import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { meantPath, readWholeFile } from '../../renderer/io/node-source.ts';

/** Endings of the files that belong to a description, and whether they lie in folders below it. */
const PARTS: Readonly<Record<string, { readonly parts: RegExp; readonly isDeep: boolean }>> = {
  'lod-meta.json': { parts: /(^|[/\\])meta\.json$|\.webp$/i, isDeep: true },
  '.json': { parts: /\.webp$/i, isDeep: false },
  '.lcc': { parts: /^(index|data|shcoef|environment)\.bin$/i, isDeep: false },
  '.lcc2': { parts: /\.(sog|spz)$/i, isDeep: true },
};
/** A description is short; what is longer has its numbers in it. */
const LARGEST_DESCRIPTION_BYTES = 64e6;
/** Of a description that names more, none was made of so many: each name costs a look at the disk or two. */
const MOST_BUFFERS = 1000;

/**
 * Files beside a scene's description that belong to it: SOG's pictures, and of one with levels of detail
 * (lod-meta.json) the levels' descriptions and pictures below it; the buffers that a .gltf names; the parts of LCC
 * scenes. None for any other file.
 */
export async function filesBeside(manifest: string): Promise<readonly string[]> {
  const ending = extname(manifest).toLowerCase();
  if (ending === '.gltf') return buffersOf(manifest);
  const kind = PARTS[basename(manifest).toLowerCase()] ?? PARTS[ending];
  if (kind === undefined) return [];
  const entries = await readdir(dirname(manifest), { withFileTypes: true, recursive: kind.isDeep });
  const wanted = entries.filter((entry) => entry.isFile() && kind.parts.test(entry.name));
  return wanted.map((entry) => join(entry.parentPath, entry.name)).filter((path) => path !== manifest);
}

/** The files that a .gltf names and that are there, of the first thousand names. */
async function buffersOf(manifest: string): Promise<readonly string[]> {
  if ((await stat(manifest)).size > LARGEST_DESCRIPTION_BYTES) return [];
  const text = (await readWholeFile(manifest)).toString('utf8');
  const uris = new Set<string>();
  for (const [, uri] of text.matchAll(/"uri"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    if (!uri.startsWith('data:')) uris.add(uri);
    if (uris.size === MOST_BUFFERS) break;
  }
  const found = new Set<string>();
  for (const uri of uris) {
    const path = await meantPath(dirname(manifest), decoded(uri));
    // Nothing outside of the folder is given to the page.
    if (relative(dirname(manifest), path).startsWith('..')) continue;
    const isThere = await stat(path).then(
      (info) => info.isFile(),
      () => false,
    );
    if (isThere) found.add(path);
  }
  return [...found];
}

/** An address in a .gltf as a path; what is no address is a path already. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(JSON.parse(`"${uri}"`) as string);
  } catch {
    return uri;
  }
}

/** Descriptions whose names say nothing: what they describe has the name of its folder. */
const NAMELESS = ['meta.json', 'lod-meta.json', 'meta.lcc', 'meta.lcc2'];

/** What a scene's file is called before people. */
export function sceneTitle(path: string): string {
  return (NAMELESS.includes(basename(path).toLowerCase()) && basename(dirname(path))) || basename(path);
}
