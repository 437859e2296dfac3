import type { ReadFileSystem } from '@playcanvas/splat-transform';
import { concatenateScenes } from '../core/concatenate-scenes.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import type { FileStage } from '../core/stages.ts';
import type { SplatTransform } from './library.ts';
import { sceneFromChunks } from './library.ts';
import { finestBlocks } from './sog-guard.ts';

/**
 * Reads a streamed SOG: of each block its finest level, which for some is not that of the others, and the environment
 * around them.
 * @param path of the lod-meta.json among `files`
 */
export async function readLod(
  lib: SplatTransform,
  files: ReadFileSystem,
  path: string,
  meta: SplatSceneMeta,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const { blocks, environment } = await finestBlocks(files, path, meta.name);
  const parts: SplatScene[] = [];
  const total = blocks.size + (environment === undefined ? 0 : 1);
  const read = async (filename: string): Promise<SplatScene> => {
    options.onProgress?.({ stage: 'Reading splats', fraction: parts.length / total });
    const [chunks] = await lib.readFile({ filename, inputFormat: 'sog', fileSystem: files });
    try {
      return await sceneFromChunks(lib, chunks, meta, { signal: options.signal });
    } finally {
      await chunks.close();
    }
  };
  for (const [filename, runs] of blocks) {
    const whole = await read(filename);
    const keep = new Uint8Array(whole.count);
    for (const { offset, count } of runs) keep.fill(1, offset, offset + count);
    parts.push(keepRows(whole, keep));
  }
  if (environment !== undefined) parts.push(await read(environment));
  return concatenateScenes(parts);
}
