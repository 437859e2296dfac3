import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { SplatError } from '../../renderer/core/errors.ts';
import { sceneStem } from '../../renderer/core/writable-formats.ts';
import { OWN_SCENE_EXTENSIONS } from '../../renderer/io/formats.ts';
import { fileError } from '../failure.ts';
import { sogManifestAmong } from './scene-files.ts';

/** A scene to work on: a file, or a folder that holds one unbundled SOG scene. */
export interface SceneInput {
  readonly path: string;
  /**
   * Where it lies below the folder or pattern that it was found by; '' at the top of that, and for files named
   * themselves.
   */
  readonly subfolder: string;
  /** The scene's name for its answer: the file's without extension, or the folder's. */
  readonly stem: string;
}

export interface FindOptions {
  /** Whether sub-folders of the named folders are searched. */
  readonly recursive: boolean;
  /** A folder that is not searched where it lies inside another one: where the answers go, lest they become inputs. */
  readonly except: string;
}

const SOG_MANIFESTS = new Set(['meta.json', 'lod-meta.json']);

/**
 * The scenes that the arguments of a command name, without opening any of them: files as they are, the scene files of
 * folders (by their extension), and what glob patterns match. Arguments keep their order, and what one of them stands
 * for is sorted by path, so the list is the same on every machine. A scene named twice comes once. Links to files are
 * followed, links to folders are not; names that begin with a dot are passed over.
 * @throws SplatError `usage` where a folder or a pattern gives no scene, `io` where a folder can't be read. A file that
 * is
 *   not there is none: it fails when its turn comes.
 */
export async function findScenes(names: readonly string[], options: FindOptions): Promise<readonly SceneInput[]> {
  const found = new Map<string, SceneInput>();
  for (const name of names) {
    for (const input of await scenesOf(name, options)) {
      const absolute = resolve(input.path);
      if (!found.has(absolute)) found.set(absolute, input);
    }
  }
  return [...found.values()];
}

async function scenesOf(name: string, options: FindOptions): Promise<readonly SceneInput[]> {
  const info = await stat(name).catch(() => undefined);
  if (info?.isDirectory() === true) {
    const scenes: SceneInput[] = [];
    await walk(name, '', options, scenes);
    if (scenes.length > 0) return sorted(scenes);
    throw new SplatError(
      'usage',
      `The folder ${name} holds no scene${options.recursive ? '' : ' file'}.`,
      options.recursive ? undefined : 'Add --recursive to search its sub-folders too.',
    );
  }
  // A file whose name holds a bracket is a file: only what names nothing is taken as a pattern.
  if (info !== undefined || !isDynamicPattern(slashed(name)))
    return [{ path: name, subfolder: '', stem: sceneStem(basename(name)) }];
  const scenes = await scenesMatching(name, options);
  if (scenes.length > 0) return sorted(scenes);
  throw new SplatError(
    'usage',
    `No scene matches ${name}.`,
    'A pattern finds files with the extension of a scene only.',
  );
}

async function walk(folder: string, subfolder: string, options: FindOptions, scenes: SceneInput[]): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, 'searched', folder);
  }
  if (sogManifestAmong(entries) !== undefined) {
    scenes.push({ path: folder, subfolder: parentOf(subfolder), stem: basename(resolve(folder)) });
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) {
      if ((entry.isFile() || entry.isSymbolicLink()) && isSceneName(entry.name))
        scenes.push({ path, subfolder, stem: sceneStem(entry.name) });
    } else if (options.recursive && resolve(path) !== resolve(options.except))
      await walk(path, join(subfolder, entry.name), options, scenes);
  }
}

async function scenesMatching(pattern: string, { except }: FindOptions): Promise<SceneInput[]> {
  const segments = slashed(pattern).split('/');
  const fixed = segments.findIndex((segment) => isDynamicPattern(segment));
  // The folder before the first wildcard; '/' of an absolute pattern would be lost in the split.
  const base = segments.slice(0, fixed).join('/') || (pattern.startsWith('/') ? '/' : '');
  const names = await glob(segments.slice(fixed).join('/'), {
    cwd: base === '' ? '.' : base,
    onlyFiles: true,
    expandDirectories: false,
  });
  const excluded = resolve(except) + sep;
  const isWanted = (name: string): boolean => {
    const inExcluded = resolve(base, name).startsWith(excluded) && resolve(base) + sep !== excluded;
    return !inExcluded && (isSceneName(basename(name)) || SOG_MANIFESTS.has(basename(name)));
  };
  const wanted = names.filter(isWanted);
  const reachable = await foldersWithoutLinks(base, new Set(wanted.map(parentOf)));
  return wanted
    .filter((name) => reachable.has(parentOf(name)))
    .map((name) => ({ path: join(base, name), subfolder: parentOf(name), stem: sceneStem(basename(name)) }));
}

/** Those of `folders`, given below `base`, to which no linked folder leads: links among folders may run in circles. */
async function foldersWithoutLinks(base: string, folders: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const top = await realpath(base === '' ? '.' : base);
  const kept = new Set<string>();
  for (const folder of folders) if ((await realpath(join(base, folder))) === join(top, folder)) kept.add(folder);
  return kept;
}

/** The folder of a relative path, '' at the top. */
function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}

function isSceneName(name: string): boolean {
  return OWN_SCENE_EXTENSIONS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}

/** By code unit: no locale has a say in the order. */
function sorted(scenes: SceneInput[]): SceneInput[] {
  return scenes.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** Patterns separate folders by slashes, on Windows too. */
function slashed(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}
