import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatCount } from '../../renderer/core/units.ts';
import { sceneStem } from '../../renderer/core/writable-formats.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { OWN_SCENE_EXTENSIONS } from '../../renderer/io/formats.ts';
import { descriptionAmong } from '../../renderer/io/scene-folder.ts';
import { isModelWithoutSplats } from './gltf-look.ts';

/** A scene to work on: a file, or a folder that is one scene. */
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

/** What the arguments of a command stand for. */
export interface FoundScenes {
  readonly scenes: readonly SceneInput[];
  /** glTF models without splats in them that folders and patterns would have given, and that are left out. */
  readonly models: number;
}

/** How many glTF models were passed over, as a sentence; undefined where none were. */
export function modelsNote(models: number): string | undefined {
  if (models === 0) return undefined;
  return models === 1
    ? 'One glTF model holds no splats and was left out.'
    : `${formatCount(models)} glTF models hold no splats and were left out.`;
}

/**
 * The scenes that the arguments of a command name: files as they are, the scene files of folders (by their extension;
 * of glTF, which is mostly something else, by a look at its description), and what glob patterns match. Arguments keep
 * their order, and what one of them stands for is sorted by path, so the list is the same on every machine. A scene
 * named twice comes once. Links to files are followed, links to folders are not; names that begin with a dot are passed
 * over.
 * @throws SplatError `usage` where a folder or a pattern gives no scene, `io` where a folder can't be read. A file that
 * is
 *   not there is none: it fails when its turn comes.
 */
export async function findScenes(names: readonly string[], options: FindOptions): Promise<FoundScenes> {
  const found = new Map<string, SceneInput>();
  let models = 0;
  for (const name of names) {
    const { scenes, models: passedOver } = await scenesOf(name, options);
    models += passedOver;
    for (const input of scenes) {
      const absolute = resolve(input.path);
      if (!found.has(absolute)) found.set(absolute, input);
    }
  }
  return { scenes: [...found.values()], models };
}

async function scenesOf(name: string, options: FindOptions): Promise<FoundScenes> {
  const info = await stat(name).catch(() => undefined);
  if (info?.isDirectory() === true) {
    const scenes: SceneInput[] = [];
    await walk(name, '', options, scenes);
    const kept = await withoutModels(scenes);
    if (kept.scenes.length > 0) return kept;
    throw new SplatError(
      'usage',
      `The folder ${name} holds no scene${options.recursive ? '' : ' file'}.${spaced(modelsNote(kept.models))}`,
      options.recursive ? await adviceOnPictures(name) : 'Add --recursive to search its sub-folders too.',
    );
  }
  // A file whose name holds a bracket is a file: only what names nothing is taken as a pattern.
  if (info !== undefined || !isDynamicPattern(slashed(name)))
    return { scenes: [{ path: name, subfolder: '', stem: sceneStem(basename(name)) }], models: 0 };
  const kept = await withoutModels(await scenesMatching(name, options));
  if (kept.scenes.length > 0) return kept;
  throw new SplatError(
    'usage',
    `No scene matches ${name}.${spaced(modelsNote(kept.models))}`,
    'A pattern finds files with the extension of a scene only.',
  );
}

const PICTURE_NAME = /\.(jpe?g|png|webp|heic|heif|dng|tiff?)$/i;

/** What to do with a folder of photos that was taken for one of scenes. */
async function adviceOnPictures(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => PICTURE_NAME.test(name))
    ? 'It holds pictures: photos of a capture are opened in the app by Camera > Open Photos Folder….'
    : undefined;
}

/** The scenes in order, without glTF models that hold no splats. */
async function withoutModels(found: readonly SceneInput[]): Promise<FoundScenes> {
  const scenes: SceneInput[] = [];
  for (const scene of sorted([...found])) if (!(await isModelWithoutSplats(scene.path))) scenes.push(scene);
  return { scenes, models: found.length - scenes.length };
}

function spaced(sentence: string | undefined): string {
  return sentence === undefined ? '' : ` ${sentence}`;
}

async function walk(folder: string, subfolder: string, options: FindOptions, scenes: SceneInput[]): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, 'searched', folder);
  }
  const description = descriptionAmong(entries);
  // A .gltf is named by its file, which says more than the folder of an export does.
  if (description !== undefined && !description.toLowerCase().endsWith('.gltf')) {
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
