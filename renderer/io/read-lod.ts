import type { ReadFileSystem } from '@playcanvas/splat-transform';
import { concatenateScenes } from '../core/concatenate-scenes.ts';
import { countUndrawable } from '../core/drawable.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import type { SplatTransform } from './library.ts';
import { sceneFromChunks } from './library.ts';
import { arePreview } from './preview.ts';
import type { LodManifest, RunsByFile } from './sog-guard.ts';
import { blocksAt, checkRuns, checkSogManifest, readLodManifest } from './sog-guard.ts';
import type { ReadOptions } from './source.ts';
import { empty } from './source.ts';

/**
 * Reads a streamed SOG: of each block its finest level, which for some is not that of the others, and the environment
 * around them. Of a large one the coarsest levels are read first, as a preview.
 * @param path of the lod-meta.json among `files`
 */
export async function readLod(
  lib: SplatTransform,
  files: ReadFileSystem,
  path: string,
  meta: SplatSceneMeta,
  options: ReadOptions,
): Promise<SplatScene> {
  const folder = new LodFolder(lib, files, meta, options);
  const manifest = await readLodManifest(files, path, meta.name);
  const finest = blocksAt('finest', manifest, meta.name);
  if (finest.size === 0 && manifest.environment === undefined) throw empty(meta.name);
  const environment = await folder.readEnvironment(manifest);
  if (options.onPreview !== undefined) {
    const preview = await folder.readPreview(manifest, finest, environment);
    if (preview !== undefined) options.onPreview(preview);
  }
  const blocks = await folder.readRuns(finest, (fraction) =>
    options.onProgress?.({ stage: 'Reading splats', fraction }),
  );
  return concatenateScenes([...blocks, ...environment]);
}

/** The files of a streamed SOG. */
class LodFolder {
  constructor(
    private readonly lib: SplatTransform,
    private readonly files: ReadFileSystem,
    private readonly meta: SplatSceneMeta,
    private readonly options: Pick<ReadOptions, 'signal'>,
  ) {}

  /** What stands around the scene: one scene or none. */
  async readEnvironment({ environment }: LodManifest): Promise<readonly SplatScene[]> {
    if (environment === undefined) return [];
    await checkSogManifest(this.files, environment, this.meta.name);
    return [await this.read(environment)];
  }

  /** The coarsest levels and the environment, where they are seen much sooner than the whole. */
  async readPreview(
    manifest: LodManifest,
    finest: RunsByFile,
    environment: readonly SplatScene[],
  ): Promise<SplatScene | undefined> {
    try {
      const coarsest = blocksAt('coarsest', manifest, this.meta.name);
      if (!arePreview(splatsOf(coarsest), splatsOf(finest))) return undefined;
      const preview = concatenateScenes([...(await this.readRuns(coarsest)), ...environment]);
      return countUndrawable(preview) === preview.count ? undefined : preview;
    } catch {
      // The scene needs none of its coarser levels, so it opens whether they are whole or not.
      return undefined;
    }
  }

  async readRuns(runsByFile: RunsByFile, onFraction?: (fraction: number) => void): Promise<SplatScene[]> {
    await checkRuns(this.files, runsByFile, this.meta.name);
    const parts: SplatScene[] = [];
    for (const [filename, runs] of runsByFile) {
      onFraction?.(parts.length / runsByFile.size);
      const whole = await this.read(filename);
      const keep = new Uint8Array(whole.count);
      for (const { offset, count } of runs) keep.fill(1, offset, offset + count);
      parts.push(keepRows(whole, keep));
    }
    return parts;
  }

  private async read(filename: string): Promise<SplatScene> {
    const [chunks] = await this.lib.readFile({ filename, inputFormat: 'sog', fileSystem: this.files });
    try {
      return await sceneFromChunks(this.lib, chunks, this.meta, { signal: this.options.signal });
    } finally {
      await chunks.close();
    }
  }
}

function splatsOf(runsByFile: RunsByFile): number {
  let splats = 0;
  for (const runs of runsByFile.values()) for (const { count } of runs) splats += count;
  return splats;
}
