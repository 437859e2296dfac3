import type { JobOptions } from '../../renderer/core/progress.ts';
import type { FileStage } from '../../renderer/core/stages.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import type { SceneSource } from '../../renderer/io/read-scene.ts';
import { openRanges, readScene } from '../../renderer/io/read-scene.ts';
import type { SceneRanges } from '../../renderer/io/scene-ranges.ts';
import { terminalProgress } from './terminal.ts';

/** Reads the scene file at `path`, with progress on an interactive terminal. @throws SplatError as `readScene` */
export function openScene(path: string, signal: AbortSignal): Promise<SplatScene> {
  return withSource(path, signal, readScene);
}

/**
 * Opens the scene file at `path` to be read in ranges as long as `use` takes, which gets the file's size in bytes, too,
 * and options for reading with progress as `openScene`. @throws SplatError as `openRanges`
 */
export function withRanges<T>(
  path: string,
  signal: AbortSignal,
  use: (scene: SceneRanges, bytes: number, options: JobOptions<FileStage>) => Promise<T>,
): Promise<T> {
  return withSource(path, signal, async (source, options) =>
    use(await openRanges(source, options), source.size, options),
  );
}

async function withSource<T>(
  path: string,
  signal: AbortSignal,
  use: (source: SceneSource, options: JobOptions<FileStage>) => Promise<T>,
): Promise<T> {
  const source = await openFileSource(path);
  const progress = terminalProgress(source.name);
  try {
    return await use(source, { signal, onProgress: progress.listener });
  } finally {
    progress.done();
    await source.close();
  }
}
