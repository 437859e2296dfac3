import type { ReadFileSystem } from '@playcanvas/splat-transform';
import { z } from 'zod';
import { concatenateScenes } from '../core/concatenate-scenes.ts';
import { throwIfAborted } from '../core/errors.ts';
import { listOf } from '../core/list-of.ts';
import type { JobOptions } from '../core/progress.ts';
import { recordOf } from '../core/record-of.ts';
import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import type { FileStage } from '../core/stages.ts';
import { ENVIRONMENT, environmentAsLcc } from './lcc-environment.ts';
import type { LccDescription } from './lcc-environment.ts';
import type { SplatTransform } from './library.ts';
import { libraryFolder, librarySource, loadLibrary, sceneFromChunks } from './library.ts';
import type { SceneSource } from './source.ts';
import {
  empty,
  invalid,
  openSibling,
  readExactly,
  sourceFromBytes,
  sourceFromFiles,
  truncated,
  unsupported,
} from './source.ts';

/** XGRIDS' scenes: LCC in four files, LCC2 in one for each node of an octree. Both stand with +z up. */
export type LccFormat = 'lcc' | 'lcc2';

/** What a scene's description is called before the library. */
const MANIFEST = 'meta.lcc';
const INDEX = 'index.bin';
const DATA_BYTES = 32;
const HARMONICS_BYTES = 64;
/** Of a level in a unit's record: splats, place in `data.bin`, bytes. */
const LEVEL_BYTES = 16;
const UNIT_HEAD_BYTES = 4;
const LARGEST_INDEX_BYTES = 1 << 28;
const LARGEST_JSON_BYTES = 64e6;
/** Surroundings of 5 million splats. */
const LARGEST_ENVIRONMENT_BYTES = 1 << 29;

const lccSchema: z.ZodType<LccDescription> = z.object({
  totalLevel: z.int().min(1).max(64),
  splats: listOf(z.number(), { min: 1 }),
  fileType: z.string().optional(),
  attributes: listOf(
    z.object({ name: z.string(), min: listOf(z.number()).optional(), max: listOf(z.number()).optional() }),
  ),
});

/** A file by its place in the list of files. */
const file = z.object({ name: z.int().min(0) });

interface Node {
  readonly child?: readonly Node[] | Readonly<Record<string, Node>> | null | undefined;
  readonly data?:
    { readonly '3dgs'?: Named | null | undefined; readonly env?: Named | null | undefined } | null | undefined;
}

type Named = z.infer<typeof file>;

/** Of what a node has beside splats and surroundings nothing is asked. */
const node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    child: z.union([listOf(node), recordOf(z.string(), node)]).nullish(),
    data: z.object({ '3dgs': file.nullish(), env: file.nullish() }).nullish(),
  }),
);

/** The names of version 2's fields, and of what came before it. */
const lcc2Schema = z.object({
  splatType: z.enum(['.sog', '.spz']).default('.sog'),
  root: z.intersection(
    node,
    z.object({ splatFiles: listOf(z.string()).optional(), files: listOf(z.string()).optional() }),
  ),
});

/** Reads the scenes in the files of LCC2 scenes. */
export type ReadPart = (source: SceneSource, id: 'sog' | 'spz') => Promise<SplatScene>;

/**
 * Reads an LCC or LCC2 scene: of each piece of space its finest level, and the surroundings, which the library leaves
 * out.
 * @throws SplatError as `readScene`
 */
export async function readLcc(
  source: SceneSource,
  id: LccFormat,
  readPart: ReadPart,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  if (source.size > LARGEST_JSON_BYTES) throw unsupported(source.name, 'its description is too large');
  const description = jsonOf(new TextDecoder().decode(await readExactly(source, 0, source.size)), source.name);
  const meta: SplatSceneMeta = { antialiased: false, up: 'z', format: id, name: source.name };
  return id === 'lcc'
    ? readLcc1(source, parsed(lccSchema, description, source.name), meta, options)
    : readLcc2(source, parsed(lcc2Schema, description, source.name), meta, readPart, options);
}

async function readLcc1(
  source: SceneSource,
  description: LccDescription,
  meta: SplatSceneMeta,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const scene = await readUnits(source, description, meta, options);
  if ((await source.hasSibling?.(ENVIRONMENT)) !== true) return scene;
  const environment = environmentAsLcc(await wholeFile(await openSibling(source, ENVIRONMENT)), description);
  if (environment === undefined) return scene;
  const around = sourceFromFiles(ENVIRONMENT, environment.files);
  return concatenateScenes([scene, await readUnits(around, environment.description, meta, options)]);
}

async function wholeFile(source: SceneSource): Promise<Uint8Array> {
  if (source.size > LARGEST_ENVIRONMENT_BYTES) throw unsupported(source.name, 'it is too large for surroundings');
  return readExactly(source, 0, source.size);
}

/** Reads the units that an LCC scene's index names. */
async function readUnits(
  source: SceneSource,
  description: LccDescription,
  meta: SplatSceneMeta,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const { totalLevel, splats, fileType, attributes } = description;
  if (splats.length !== totalLevel) throw invalid(source.name, `it counts splats of ${splats.length} levels`);
  const isComplete = ['scale', 'shcoef'].every((name) => attributes.some((attribute) => attribute.name === name));
  if (!isComplete) throw invalid(source.name, 'it lacks the ranges of scales and harmonics');
  const hasHarmonics = fileType !== 'Portable';
  const [index, data] = [await openSibling(source, INDEX), await openSibling(source, 'data.bin')];
  const harmonics = hasHarmonics ? await openSibling(source, 'shcoef.bin') : undefined;
  if (index.size > LARGEST_INDEX_BYTES) throw unsupported(source.name, `its ${INDEX} is too large`);
  const units = finestFirst((await readExactly(index, 0, index.size)).slice(), totalLevel, source.name);
  assertThere(units, totalLevel, data, harmonics);
  const lib = await loadLibrary();
  // As it was understood here: the library takes no comma too many.
  const described = new TextEncoder().encode(JSON.stringify(description));
  const [chunks] = await lib.readFile({
    filename: MANIFEST,
    inputFormat: 'lcc',
    fileSystem: withOwn(lib, libraryFolder(lib, source, MANIFEST), { [MANIFEST]: described, [INDEX]: units }),
    options: { lodSelect: [0] },
  });
  try {
    return await sceneFromChunks(lib, chunks, meta, options);
  } finally {
    await chunks.close();
  }
}

/** The index with each unit's finest level that has splats in the place of its first: some have coarse ones alone. */
function finestFirst(index: Uint8Array, levels: number, name: string): Uint8Array {
  const unitBytes = UNIT_HEAD_BYTES + levels * LEVEL_BYTES;
  if (index.length === 0 || index.length % unitBytes !== 0)
    throw invalid(name, `its ${INDEX} of ${index.length} bytes holds no whole number of units of ${levels} levels`);
  const view = new DataView(index.buffer);
  for (let unit = 0; unit < index.length; unit += unitBytes) {
    const first = unit + UNIT_HEAD_BYTES;
    for (let level = 0; level < levels; level++) {
      const at = first + level * LEVEL_BYTES;
      if (view.getInt32(at, true) === 0) continue;
      index.copyWithin(first, at, at + LEVEL_BYTES);
      break;
    }
  }
  return index;
}

/** The folder with some other files. */
function withOwn(
  lib: SplatTransform,
  files: ReadFileSystem,
  own: Readonly<Record<string, Uint8Array>>,
): ReadFileSystem {
  return {
    createSource: (path) =>
      Object.hasOwn(own, path)
        ? Promise.resolve(librarySource(lib, sourceFromBytes(path, own[path])))
        : files.createSource(path),
  };
}

/** Holds what the index claims of the finest level against the bytes that are there. */
function assertThere(units: Uint8Array, levels: number, data: SceneSource, harmonics: SceneSource | undefined): void {
  const view = new DataView(units.buffer);
  const unitBytes = UNIT_HEAD_BYTES + levels * LEVEL_BYTES;
  let splats = 0;
  for (let at = UNIT_HEAD_BYTES; at + LEVEL_BYTES <= units.length; at += unitBytes) {
    const [count, offset] = [view.getInt32(at, true), Number(view.getBigInt64(at + 4, true))];
    if (count < 0 || offset < 0 || offset % DATA_BYTES !== 0)
      throw invalid(data.name, 'its index names no such splats');
    const end = offset + count * DATA_BYTES;
    if (end > data.size) throw truncated(data.name, `${end} bytes are needed, ${data.size} are there`);
    const needed = (end / DATA_BYTES) * HARMONICS_BYTES;
    if (harmonics !== undefined && needed > harmonics.size)
      throw truncated(harmonics.name, `${needed} bytes are needed, ${harmonics.size} are there`);
    splats += count;
  }
  if (splats * DATA_BYTES > data.size) throw invalid(data.name, 'its index names splats more than once');
  if (splats === 0) throw empty(data.name);
}

async function readLcc2(
  source: SceneSource,
  { root, splatType }: z.infer<typeof lcc2Schema>,
  meta: SplatSceneMeta,
  readPart: ReadPart,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const files = root.splatFiles ?? (root.files ?? []).map((path) => `${path.replace(/^\/|\.sog$/g, '')}.sog`);
  const names = finestFiles(root);
  const parts: SplatScene[] = [];
  for (const name of names) {
    throwIfAborted(options.signal, `Opening ${source.name}`);
    const path = files.at(name);
    if (path === undefined) throw invalid(source.name, `it names file ${name} of ${files.length}`);
    parts.push(await readPart(await openSibling(source, path), splatType === '.sog' ? 'sog' : 'spz'));
    options.onProgress?.({ stage: 'Reading splats', fraction: parts.length / names.size });
  }
  if (parts.length === 0) throw empty(source.name);
  return { ...concatenateScenes(parts), meta };
}

/** Files of the nodes below which there are no finer ones, and of the surroundings. */
function finestFiles(root: Node): Set<number> {
  const names = new Set<number>();
  const visit = ({ child, data }: Node): boolean => {
    const isCoarser = Object.values(child ?? {})
      .map(visit)
      .some(Boolean);
    const own = data?.['3dgs']?.name;
    if (own !== undefined && !isCoarser) names.add(own);
    return isCoarser || own !== undefined;
  };
  visit(root);
  const surroundings = root.data?.env?.name;
  if (surroundings !== undefined) names.add(surroundings);
  return names;
}

function parsed<T>(schema: z.ZodType<T>, description: unknown, name: string): T {
  const result = schema.safeParse(description);
  if (result.success) return result.data;
  throw invalid(name, `${result.error.issues[0].path.join('.')} is not as such files have it`);
}

/** JSON, in which XGRIDS' programs leave commas before closing brackets. */
function jsonOf(text: string, name: string): unknown {
  for (const attempt of [text, text.replace(/,(?=\s*[}\]])/g, '')]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next one.
    }
  }
  throw invalid(name, 'its JSON cannot be read');
}
