import { cancelled, SplatError, toSplatError } from '../core/errors.ts';
import { handOver } from '../core/hand-over.ts';
import type { DetailLevels } from '../core/detail-levels.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { levelRows } from '../edit/make-levels.ts';
import type { FloaterOptions } from '../edit/floaters.ts';
import type { SplatMask } from '../edit/selection.ts';
import type { EncodeOptions } from '../io/encode-options.ts';
import { contentOfBytes } from '../io/file-content.ts';
import { rangesOf } from '../io/scene-ranges.ts';
import type { ReadOptions } from '../io/source.ts';
import { encodeInriaPly } from '../io/write-inria-ply.ts';
import type { EncodedScene, WritableFormatId } from '../io/write-scene.ts';
import type { RefineManifest } from '../refine/manifest.ts';
import type { RefineModel } from '../refine/model.ts';
import type { FoundRegion } from '../refine/region.ts';
import { CHECKPOINT_MS, tooSlow } from '../refine/time-limit.ts';
import type { VeilOptions } from '../refine/veil.ts';
import type { PartedFile } from './file-port.ts';
import { portOf } from './file-port.ts';
import { serveRows } from './rows-port.ts';
import type { CheckpointFile, SceneFile, SceneTaskName, SceneTasks, TaskReply } from './tasks.ts';

export interface ParseOptions extends JobOptions, Pick<ReadOptions, 'mostArrayBytes' | 'onPreview'> {
  /** Files beside this one by relative path ("means_l.webp", "0_0/meta.json"), for SOG folders. */
  readonly siblings?: Readonly<Record<string, FileToParse>>;
}

/** What may be parsed. */
export type FileToParse = Blob | ArrayBuffer | PartedFile;

/**
 * Reads a scene in a worker (see `readScene`). An ArrayBuffer is transferred and unusable afterwards; a Blob and a
 * PartedFile are read in pieces. The scene's arrays come back by transfer.
 * @throws SplatError as `readScene` does; `cancelled` as soon as the signal aborts.
 */
export async function parseSceneInWorker(
  file: FileToParse,
  name: string,
  options: ParseOptions = {},
): Promise<SplatScene> {
  const transfer: Transferable[] = [];
  const closers: (() => void)[] = [];
  const handOver = (given: FileToParse): SceneFile => {
    if (given instanceof Blob) return given;
    if (given instanceof ArrayBuffer) {
      transfer.push(given);
      return given;
    }
    const { served, close } = portOf(given);
    transfer.push(served.port);
    closers.push(close);
    return served;
  };
  const beside = options.siblings && Object.entries(options.siblings);
  const siblings = beside && Object.fromEntries(beside.map(([path, one]) => [path, handOver(one)] as const));
  const { mostArrayBytes, onPreview } = options;
  const hasPreview = onPreview !== undefined;
  const request = { file: handOver(file), name, siblings, mostArrayBytes, hasPreview };
  try {
    return await runTask('parse', request, transfer, options, `Opening ${name}`);
  } finally {
    for (const close of closers) close();
  }
}

/**
 * Encodes a scene (see `encodeScene`): in a worker, which the scene is copied to, so it stays usable here. Plain PLY is
 * made here, 10 ms at a time as its pieces are asked for, and of such a scene there is no copy.
 */
export async function encodeInBackground(
  scene: SplatScene,
  format: WritableFormatId,
  options: JobOptions & Pick<EncodeOptions, 'comment' | 'stem' | 'views'> = {},
): Promise<EncodedScene> {
  const { comment, stem, views } = options;
  if (format === 'inria-ply')
    return { content: await encodeInriaPly(rangesOf(scene), options), splats: scene.count, notes: [] };
  const request = { scene, format, comment, stem, views };
  const { bytes, ...encoded } = await runTask('encode', request, [], options, 'Saving');
  return { ...encoded, content: contentOfBytes(bytes) };
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

/** Marks what hides a capture's subject in a worker (see `findVeil`). The scene is copied over. */
export function findVeilInWorker(scene: SplatScene, veil: VeilOptions, options: JobOptions = {}): Promise<SplatMask> {
  return runTask('veil', { scene, options: veil }, [], options, 'Looking from where no camera stood');
}

/** Finds in a worker what of a scene is refined (see `findRegion`). The scene is copied over. */
export function findRegionInWorker(scene: SplatScene, options: JobOptions = {}): Promise<FoundRegion> {
  return runTask('region', { scene }, [], options, 'Finding the subject');
}

/**
 * Makes levels of detail in a worker (see `makeLevels`). Only the scene's positions are copied over; the rest is asked
 * for in blocks of some milliseconds.
 */
export async function makeLevelsInWorker(scene: SplatScene, options: JobOptions = {}): Promise<DetailLevels> {
  const { positions, shDegree, meta } = scene;
  const { port1, port2 } = serveRows((rows) => levelRows(scene, rows));
  try {
    const request = { positions, shDegree, meta, port: port2 };
    return await runTask('levels', request, [port2], options, 'Making levels of detail');
  } finally {
    port1.close();
  }
}

const TIME_LIMIT = { describeModel: CHECKPOINT_MS.describe, loadModel: CHECKPOINT_MS.load };

/**
 * Tells in a worker what a checkpoint is (see `describeCheckpoint`). The bytes are copied over.
 * @throws SplatError `model-invalid`, also for a file that takes longer than any network; `cancelled`
 */
export function describeModelInWorker(file: CheckpointFile, options: JobOptions = {}): Promise<RefineManifest> {
  return runTask(
    'describeModel',
    checkpointOf(file),
    [],
    inTime('describeModel', file.name, options),
    `Reading ${file.name}`,
  );
}

/** Decodes a checkpoint in a worker (see `loadModel`). The bytes are copied over. Throws as `describeModelInWorker`. */
export function loadModelInWorker(file: CheckpointFile, options: JobOptions = {}): Promise<RefineModel> {
  return runTask('loadModel', checkpointOf(file), [], inTime('loadModel', file.name, options), `Reading ${file.name}`);
}

function checkpointOf({ bytes, sidecar, name }: CheckpointFile): CheckpointFile {
  return { bytes, sidecar, name };
}

/** A job that may show a preview, and fails once its time is over; whatever it does then, ends. */
interface TimedOptions extends JobOptions, Pick<ReadOptions, 'onPreview'> {
  readonly limit?: { readonly milliseconds: number; readonly failure: () => SplatError };
}

function inTime(task: keyof typeof TIME_LIMIT, name: string, options: JobOptions): TimedOptions {
  const milliseconds = TIME_LIMIT[task];
  return { ...options, limit: { milliseconds, failure: () => tooSlow(name, milliseconds) } };
}

/**
 * One worker a job, ended with it: cancelling takes effect at once even inside a decoder that never looks up, and
 * whatever memory a job took goes back to the system.
 */
function runTask<T extends SceneTaskName>(
  task: T,
  request: SceneTasks[T]['request'],
  transfer: Transferable[],
  options: TimedOptions,
  what: string,
): Promise<SceneTasks[T]['answer']> {
  const { signal, onProgress, onPreview, limit } = options;
  if (signal?.aborted === true) return Promise.reject(cancelled(what));
  const worker = new Worker(new URL('./scene-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<SceneTasks[T]['answer']>((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(cancelled(what)));
    const timer = limit && setTimeout(() => settle(() => reject(limit.failure())), limit.milliseconds);
    const settle = (report: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      worker.terminate();
      report();
    };
    signal?.addEventListener('abort', onAbort);
    worker.onmessage = ({ data: reply }: MessageEvent<TaskReply<T>>) => {
      if (reply.kind === 'progress') onProgress?.(reply.progress);
      else if (reply.kind === 'preview') onPreview?.(reply.preview);
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
    try {
      handOver(what, () => worker.postMessage({ task, request }, transfer));
    } catch (error) {
      settle(() => reject(toSplatError(error, 'out-of-memory', `${what} failed`)));
    }
  });
}
