import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { JobOptions } from '../../renderer/core/progress.ts';
import type { FileStage } from '../../renderer/core/stages.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { sceneStem } from '../../renderer/core/writable-formats.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { writeSceneAtomically } from '../../renderer/io/node-write-scene.ts';
import { openRanges } from '../../renderer/io/read-scene.ts';
import { rangesOf } from '../../renderer/io/scene-ranges.ts';
import type { SceneRanges } from '../../renderer/io/scene-ranges.ts';
import { encodeScene } from '../../renderer/io/write-scene.ts';
import { isProjectPath } from '../files/project-path.ts';
import { readProjectScene, readSceneAt } from '../files/project-scene.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { terminalProgress } from './terminal.ts';

/** Reads the scene of a scene file or a project, with progress on an interactive terminal. @throws as `readSceneAt` */
export async function openScene(path: string, signal: AbortSignal): Promise<SplatScene> {
  const progress = terminalProgress(basename(path));
  return readSceneAt(path, { signal, onProgress: progress.listener }).finally(progress.done);
}

/**
 * Opens the scene file or project at `path` to be read in ranges as long as `use` takes. It also gets the size in bytes
 * of the file and of those that it needs, and options for reading with progress as `openScene`.
 * @throws SplatError as `openRanges`, `readProjectScene`
 */
export async function withRanges<T>(
  path: string,
  signal: AbortSignal,
  use: (scene: SceneRanges, bytes: number, options: JobOptions<FileStage>) => Promise<T>,
): Promise<T> {
  const progress = terminalProgress(basename(path));
  const options = { signal, onProgress: progress.listener };
  try {
    if (isProjectPath(path)) {
      const scene = await readProjectScene(path, options);
      return await use(rangesOf(scene), (await stat(path)).size, options);
    }
    const source = await openFileSource(path);
    try {
      const scene = await openRanges(source, options);
      return await use(scene, source.openedBytes(), options);
    } finally {
      await source.close();
    }
  } finally {
    progress.done();
  }
}

/**
 * Calls `use` with the absolute path of a scene file: `path` itself, or a copy of the scene of a project, which is gone
 * afterwards. For what another process draws.
 */
export async function withSceneFile<T>(
  path: string,
  signal: AbortSignal,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (!isProjectPath(path)) return use(resolve(path));
  return withScratchFolder(async (folder) => {
    const copy = join(folder, `${sceneStem(basename(path))}.ply`);
    const encoded = await encodeScene(await openScene(path, signal), 'inria-ply', { signal });
    await writeSceneAtomically(copy, encoded, { overwrite: false });
    return use(copy);
  });
}
