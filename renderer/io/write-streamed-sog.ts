import type { ChunkSource } from '@playcanvas/splat-transform';
import { sceneBody } from '../core/body.ts';
import { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { CHUNK_ROWS, loadLibrary, sceneFromChunks } from './library.ts';
import type { SplatTransform } from './library.ts';
import type { NamedFile } from './library-files.ts';
import { chunksOf, libraryFiles } from './library-files.ts';
import { withHarmonics } from './sog-harmonics.ts';
import { harmonicsOf, SOG_ITERATIONS, withoutHarmonics } from './write-sog.ts';

/** Each level of detail has this share of the splats of the finer one. */
const LEVEL_SHARE = 1 / 4;
const MOST_LEVELS = 4;
const LEAST_SPLATS_A_LEVEL = 1000;
/** Thousands of splats that are loaded as one file, and below which a piece of space is not divided further. */
const STREAMED = { chunkCount: 512, chunkMin: 8 };
/** Pieces of space are this large at the most, in radii of nine tenths of the splats. */
const EXTENT_RADII = 1 / 2;
const MANIFEST = 'lod-meta.json';

/**
 * The files of a scene as a streamed SOG: `lod-meta.json`, and below it the pictures of each level and piece of space.
 * Coarser levels are merged by the library from finer ones, as edits merge splats.
 * @param scene -y up, see `standUp`
 */
export async function encodeStreamedSog(scene: SplatScene): Promise<NamedFile[]> {
  const lib = await loadLibrary();
  const levels = await levelsOf(lib, scene);
  const { source, rows } = watched(lib.stackLods(levels.map((level) => chunksOf(lib, withoutHarmonics(level)))));
  const files = await libraryFiles((_, fs, folder) =>
    lib.writeLodSource(
      {
        ...STREAMED,
        filename: folder + MANIFEST,
        mainSource: source,
        envSource: null,
        iterations: SOG_ITERATIONS,
        chunkExtent: (sceneBody(scene)?.wideRadius ?? 0) * EXTENT_RADII || Infinity,
      },
      fs,
    ),
  );
  if (scene.shDegree === 0) return files;
  return addHarmonics(lib, files, levels, rows);
}

/** The scene, and coarser ones of the same. */
async function levelsOf(lib: SplatTransform, scene: SplatScene): Promise<SplatScene[]> {
  const levels = [scene];
  const pool = lib.createChunkDataPool({ chunkSize: CHUNK_ROWS });
  try {
    for (let finer = scene; levels.length < MOST_LEVELS; levels.push(finer)) {
      const targetCount = Math.round(finer.count * LEVEL_SHARE);
      if (targetCount < LEAST_SPLATS_A_LEVEL) break;
      const merged = await lib.decimateSource(chunksOf(lib, finer), pool, { targetCount });
      finer = await sceneFromChunks(lib, merged, scene.meta, {});
      await merged.close();
    }
  } finally {
    pool.destroy();
  }
  return levels;
}

/** Rows of one level, in the order in which they are written. */
interface WrittenRows {
  readonly level: number;
  readonly rows: Uint32Array;
}

/**
 * A source that notes which rows are fetched to be written, in their order: with their colours, and without positions,
 * which the library has by then. With both it fetches them before, to bound each piece of space.
 */
function watched(inner: ChunkSource): { readonly source: ChunkSource; readonly rows: readonly WrittenRows[] } {
  const rows: WrittenRows[] = [];
  const source: ChunkSource = {
    meta: inner.meta,
    close: () => inner.close(),
    read: (request) => {
      if ('indices' in request && request.color !== undefined && request.position === undefined) {
        const { indices, indexOffset, count, lod = 0 } = request;
        rows.push({ level: lod, rows: indices.slice(indexOffset, indexOffset + count) });
      }
      return inner.read(request);
    },
  };
  return { source, rows };
}

/** Adds to the pictures of each piece the harmonics of the rows that were written into it. */
async function addHarmonics(
  lib: SplatTransform,
  files: readonly NamedFile[],
  levels: readonly SplatScene[],
  written: readonly WrittenRows[],
): Promise<NamedFile[]> {
  const all = files.filter(({ path }) => path === MANIFEST);
  let at = 0;
  for (const { path, bytes } of files.filter((file) => file.path.endsWith('/meta.json'))) {
    const folder = path.slice(0, -'meta.json'.length);
    const { count } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly count: number };
    const runs: Float32Array[] = [];
    let [level, rows] = [0, 0];
    for (; rows < count && at < written.length; at++) {
      level = written[at].level;
      rows += written[at].rows.length;
      runs.push(harmonicsOf(levels[level], written[at].rows));
    }
    if (rows !== count)
      throw new SplatError('invalid-file', `The library wrote ${count} splats into ${path} and fetched ${rows}.`);
    const values = joined(runs);
    const own = files.filter((file) => file.path.startsWith(folder)).map((file) => inFolder(file, folder));
    const pieces = await withHarmonics(lib, own, { degree: levels[level].shDegree, values });
    all.push(...pieces.map((file) => ({ ...file, path: folder + file.path })));
  }
  if (at !== written.length)
    throw new SplatError('invalid-file', `The library fetched ${written.length} runs of splats and wrote ${at}.`);
  return all;
}

function inFolder(file: NamedFile, folder: string): NamedFile {
  return { ...file, path: file.path.slice(folder.length) };
}

function joined(runs: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    all.set(run, at);
    at += run.length;
  }
  return all;
}
