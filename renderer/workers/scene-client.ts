import { cancelled, SplatError } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { FloaterOptions } from '../edit/floaters.ts';
import type { SplatMask } from '../edit/selection.ts';
import type { EncodeOptions } from '../io/encode-options.ts';
import type { EncodedScene, WritableFormatId } from '../io/write-scene.ts';
import type { FoundRegion } from '../refine/region.ts';
import type { SceneFile, SceneTaskName, SceneTasks, TaskReply } from './tasks.ts';

export interface ParseOptions extends JobOptions {
  /** Files beside this one by relative path ("means_l.webp", "0_0/meta.json"), for SOG folders. */
  readonly siblings?: Readonly<Record<string, SceneFile>>;
}

/**
 * Reads a scene in a worker (see `readScene`). An ArrayBuffer is transferred and unusable afterwards; a Blob or File
 * is read in pieces. The scene's arrays come back by transfer.
 * @throws SplatError as `readScene` does; `cancelled` as soon as the signal aborts.
 */
export function parseSceneInWorker(file: SceneFile, name: string, options: ParseOptions = {}): Promise<SplatScene> {
  const buffers = [file, ...Object.values(options.siblings ?? {})].filter((f) => f instanceof ArrayBuffer);
  return runTask('parse', { file, name, siblings: options.siblings }, buffers, options, `Opening ${name}`);
}

/** Encodes a scene in a worker (see `encodeScene`). The scene is copied over, so it stays usable here. */
export function encodeSceneInWorker(
  scene: SplatScene,
  format: WritableFormatId,
  options: JobOptions & Pick<EncodeOptions, 'comment'> = {},
): Promise<EncodedScene> {
  return runTask('encode', { scene, format, comment: options.comment }, [], options, 'Saving');
}

/** Merges splats in a worker until `targetCount` are left (see `decimateScene`). The scene is copied over. */
export function decimateInWorker(
  scene: SplatScene,
  targetCount: number,
  options: JobOptions = {},
): Promise<SceneTasks['decimate']['answer']> {
  return runTask('decimate', { scene, targetCount }, [], options, 'Decimating');
}

/** Marks floaters in a worker (see `findFloaters`). The scene is copied over. */
export function findFloatersInWorker(
  scene: SplatScene,
  floaters: FloaterOptions,
  options: JobOptions = {},
): Promise<SplatMask> {
  return runTask('floaters', { scene, options: floaters }, [], options, 'Finding floaters');
}

/** Finds in a worker what of a scene is refined (see `findRegion`). The scene is copied over. */
export function findRegionInWorker(scene: SplatScene, options: JobOptions = {}): Promise<FoundRegion> {
  return runTask('region', { scene }, [], options, 'Finding the subject');
}

/**
 * One worker a job, ended with it: cancelling takes effect at once even inside a decoder that never looks up, and
 * whatever memory a job took goes back to the system.
 */
function runTask<T extends SceneTaskName>(
  task: T,
  request: SceneTasks[T]['request'],
  transfer: ArrayBuffer[],
  options: JobOptions,
  what: string,
): Promise<SceneTasks[T]['answer']> {
  const { signal, onProgress } = options;
  if (signal?.aborted === true) return Promise.reject(cancelled(what));
  const worker = new Worker(new URL('./scene-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<SceneTasks[T]['answer']>((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(cancelled(what)));
    const settle = (report: () => void): void => {
      signal?.removeEventListener('abort', onAbort);
      worker.terminate();
      report();
    };
    signal?.addEventListener('abort', onAbort);
    worker.onmessage = ({ data: reply }: MessageEvent<TaskReply<T>>) => {
      if (reply.kind === 'progress') onProgress?.(reply.progress);
      else if (reply.kind === 'done') settle(() => resolve(reply.answer));
      else settle(() => reject(SplatError.fromRecord(reply.failure)));
    };
    worker.onerror = (event) => {
      settle(() =>
        reject(
          new SplatError(
            'out-of-memory',
            `${what} failed: its worker stopped (${event.message || 'no reason given'}).`,
            'Close other programs, or open a smaller scene.',
          ),
        ),
      );
    };
    worker.onmessageerror = () =>
      settle(() => reject(new SplatError('out-of-memory', `${what} failed: the result could not be handed over.`)));
    worker.postMessage({ task, request }, transfer);
  });
}
