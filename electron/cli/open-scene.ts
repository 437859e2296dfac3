import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { terminalProgress } from './terminal.ts';

/** Reads the scene file at `path`, with progress on an interactive terminal. @throws SplatError as `readScene` */
export async function openScene(path: string, signal: AbortSignal): Promise<{ scene: SplatScene; bytes: number }> {
  const source = await openFileSource(path);
  const progress = terminalProgress(source.name);
  try {
    return { scene: await readScene(source, { signal, onProgress: progress.listener }), bytes: source.size };
  } finally {
    progress.done();
    await source.close();
  }
}
