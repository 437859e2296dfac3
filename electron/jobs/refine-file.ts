import { createHash } from 'node:crypto';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { basename, dirname } from 'node:path';
import { SplatError, throwIfAborted, toSplatError } from '../../renderer/core/errors.ts';
import type { JobOptions } from '../../renderer/core/progress.ts';
import type { FileStage } from '../../renderer/core/stages.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { localCamera } from '../../renderer/core/origin.ts';
import { formatBytes } from '../../renderer/core/units.ts';
import type { FileContent } from '../../renderer/io/file-content.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { assertReplaceable } from '../../renderer/io/node-write.ts';
import { placeOfScene, writeSceneAtomically } from '../../renderer/io/node-write-scene.ts';
import { sceneStem } from '../../renderer/core/writable-formats.ts';
import type { EncodedScene, WritableFormatId } from '../../renderer/io/write-scene.ts';
import { bytesOf, encodeScene } from '../../renderer/io/write-scene.ts';
import type { InferenceBackend } from '../../renderer/refine/backend.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import type { RefineOptions, RefineReport } from '../../renderer/refine/refine-scene.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';
import type { Region } from '../../renderer/refine/region-choice.ts';
import { localRegion } from '../../renderer/refine/region-choice.ts';
import type { UpAxis } from '../../renderer/core/up-axes.ts';
import { resolveUp, withUp } from '../../renderer/core/up-axis.ts';
import { noteOnCameras } from '../../renderer/refine/captured-cameras.ts';
import type { FilesRead } from '../files/files-read.ts';
import { readSceneAt } from '../files/project-scene.ts';

/** Refines a scene in memory, wherever the network runs. */
export type SceneRefiner = (
  scene: SplatScene,
  options: RefineOptions,
) => Promise<{ readonly scene: SplatScene; readonly report: RefineReport }>;

/** The refiner for a model on a backend of this process. */
export function refinerOf(model: RefineModel, backend: InferenceBackend): SceneRefiner {
  return (scene, options) => refineScene(scene, model, backend, options);
}

/** The finished file that is opened, before it has a name on disk: enough to recognise it there later. */
export interface EncodedFile {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface RefinedFile extends EncodedFile {
  /** Of all files of the answer. */
  readonly outputBytes: number;
  readonly report: RefineReport;
  /** What the file does not hold as the answer does, as sentences for people. */
  readonly notes: readonly string[];
  /** Wall-clock time from the first byte read to the finished file. */
  readonly milliseconds: number;
}

export interface RefineFileOptions extends JobOptions<FileStage> {
  readonly refine: SceneRefiner;
  readonly format: WritableFormatId;
  /** Factor on every residual. */
  readonly strength: number;
  /** See `RefineOptions`; the output names it. */
  readonly up?: UpAxis | undefined;
  readonly region?: Region | undefined;
  readonly cameras?: readonly CameraParameters[] | undefined;
  /** What the work reads besides the scene: the output never replaces it. */
  readonly read: FilesRead;
  /** Replaces an output that is there; without it such a file is left alone and the job ends with `exists`. */
  readonly overwrite: boolean;
  /** A line of printable ASCII to keep in the output, as `encodeScene` does. */
  readonly comment?: string | undefined;
  /** Called once the scene has been read. */
  readonly onRead?: (splats: number) => void;
  /** Awaited when it is known to the last byte what the file will be, and nothing of it is on disk yet. */
  readonly onEncoded?: (file: Omit<RefinedFile, 'milliseconds'>) => Promise<void>;
  /** Awaited between stages and blocks: holding it pauses the job. */
  readonly pauseGate?: () => Promise<void>;
}

/**
 * The least that a scene takes while it is refined, as a multiple of its file: itself and its answer.
 */
const LEAST_MEMORY_FACTOR = 2;
/** Room that even the smallest answer takes: a disk without it is full, whatever the scene. */
const LEAST_OUTPUT_BYTES = 4096;

/**
 * Refines the scene file `input` into the file `output`: what the command line's `refine` and the app's batch do with
 * each file. Reading, the network and encoding happen in memory; `output` then appears whole or not at all (temporary
 * file, sync, rename). The input is never overwritten, and its folder must exist.
 *
 * Progress comes as the stages of the reader, of `refineScene` and of the encoder, then `Saving`.
 * @throws SplatError whatever `readScene`, the refiner and `encodeScene` throw; `exists`; `usage` where output and
 * input
 *   are one file; `out-of-memory` where the file is too large for this machine; `io` for everything that the file
 * system
 *   refuses (folder gone, no permission, disk full), with what to do; `cancelled`.
 */
export async function refineFile(input: string, output: string, options: RefineFileOptions): Promise<RefinedFile> {
  const startedMs = performance.now();
  const pass = async (): Promise<void> => {
    await options.pauseGate?.();
    throwIfAborted(options.signal, `Refining ${basename(input)}`);
  };
  await admitInput(input);
  await options.read.addScene(input);
  await admitOutput(output, options);
  await pass();
  const scene = await readFile(input, options);
  options.onRead?.(scene.count);
  await pass();
  const { signal, onProgress, pauseGate, strength, up, region, cameras } = options;
  const refined = await options.refine(scene, {
    signal,
    onProgress,
    strength,
    up,
    region: localRegion(region, scene.meta.origin),
    cameras: cameras?.map((camera) => localCamera(camera, scene.meta.origin)),
    ...(pauseGate === undefined ? {} : { pauseGate }),
  });
  await pass();
  const answer = await encodeScene(withUp(refined.scene, resolveUp(scene, { chosen: up, cameras })), options.format, {
    signal,
    onProgress,
    comment: options.comment,
    stem: sceneStem(basename(placeOfScene(output))),
  });
  const { content, notes } = answer;
  const unseen = noteOnCameras(refined.report.cameras);
  const encoded = {
    report: refined.report,
    bytes: content.size,
    outputBytes: bytesOf(answer),
    sha256: await hashOf(content),
    notes: unseen === undefined ? notes : [unseen, ...notes],
  };
  await pass();
  await options.onEncoded?.(encoded);
  onProgress?.({ stage: 'Saving', fraction: 0 });
  await writeOutput(output, answer, options.overwrite);
  onProgress?.({ stage: 'Saving', fraction: 1 });
  return { ...encoded, milliseconds: performance.now() - startedMs };
}

async function hashOf(content: FileContent): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content.pieces()) hash.update(piece);
  return hash.digest('hex');
}

/** Refuses what could hang or take the machine's memory before a byte of it is read. */
async function admitInput(input: string): Promise<void> {
  const name = basename(input);
  const info = await stat(input).catch((error: unknown) => {
    throw fileError(error, 'opened', name);
  });
  if (!info.isFile() && !info.isDirectory())
    throw new SplatError('io', `${name} is not a file but a device or a pipe.`, 'Choose a scene file.');
  const needed = info.size * LEAST_MEMORY_FACTOR;
  // Linux counts what caches could give back as free; elsewhere free memory says little, so only the impossible is
  // refused.
  const there = process.platform === 'linux' ? freemem() : totalmem();
  if (info.isFile() && needed > there) {
    throw new SplatError(
      'out-of-memory',
      `${name} needs at least ${formatBytes(needed)} of memory and there are ${formatBytes(there)}.`,
      'Close other programs, refine a smaller part, or use a machine with more memory.',
    );
  }
}

/** Refuses a place that can't be taken before hours go into what should go there. */
async function admitOutput(
  output: string,
  { read, overwrite }: Pick<RefineFileOptions, 'read' | 'overwrite'>,
): Promise<void> {
  await read.assertFree(output);
  const place = placeOfScene(output);
  await access(dirname(place), constants.W_OK).catch((error: unknown) => {
    throw outputError(error, output);
  });
  const there = await stat(place).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw outputError(error, output);
  });
  if (there !== undefined && !overwrite) throw alreadyThere(output);
  await assertReplaceable(place);
  const disk = await statfs(dirname(place)).catch(() => undefined);
  if (disk !== undefined && disk.blocks > 0 && disk.bavail * disk.bsize < LEAST_OUTPUT_BYTES)
    throw outputError(Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' }), output);
}

async function readFile(input: string, { signal, onProgress }: JobOptions<FileStage>): Promise<SplatScene> {
  try {
    return await readSceneAt(input, { signal, onProgress });
  } catch (error) {
    throw systemCode(causeOf(error)) === undefined ? error : fileError(causeOf(error), 'opened', basename(input));
  }
}

async function writeOutput(output: string, answer: EncodedScene, overwrite: boolean): Promise<void> {
  try {
    await writeSceneAtomically(output, answer, { overwrite });
  } catch (error) {
    throw outputError(causeOf(error) ?? error, output);
  }
}

/** A failure of the output's place as a sentence about it. */
function outputError(error: unknown, output: string): SplatError {
  const name = basename(placeOfScene(output));
  switch (systemCode(error)) {
    case undefined:
      return toSplatError(error, 'io', `${name} could not be written`);
    case 'EEXIST':
      return alreadyThere(output);
    default:
      return fileError(error, 'written', name);
  }
}

function alreadyThere(output: string): SplatError {
  return new SplatError(
    'exists',
    `${basename(placeOfScene(output))} exists already and was left as it is.`,
    'Choose another folder or name, or allow replacing.',
  );
}

/** What a SplatError was made of. */
function causeOf(error: unknown): unknown {
  return error instanceof SplatError ? error.cause : undefined;
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
