import { SplatError, throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { CHUNK_BYTES } from '../bridge/chunk-size.ts';
import { formatBytes } from '../core/units.ts';
import type { PartedFile } from '../workers/file-port.ts';
import { parseSceneInWorker } from '../workers/scene-client.ts';
import type { ParseOptions } from '../workers/scene-client.ts';
import type { Answer } from '../bridge/answer.ts';
import type { ReadableFile, SaveTarget, SceneFile } from '../bridge/files.ts';
import type { EncodedScene } from '../io/write-scene.ts';

/** The value of an answer; its failure is thrown as a SplatError. */
export async function ask<T>(question: Promise<Answer<T>>): Promise<T> {
  const answer = await question;
  if (answer.ok) return answer.value;
  throw SplatError.fromRecord(answer.failure);
}

/** Reads a whole file in chunks. Reports progress as stage `Reading`; throws `io` and `cancelled`. */
export async function readFile(file: ReadableFile, options: JobOptions = {}): Promise<ArrayBuffer> {
  try {
    return (await readRange(file, 0, file.size, options)).buffer;
  } finally {
    await window.desktop.closeFile(file.id);
  }
}

/** Reads `length` bytes from `offset` in chunks. */
async function readRange(
  file: ReadableFile,
  offset: number,
  length: number,
  { signal, onProgress }: JobOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = allocate(file, length);
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    throwIfAborted(signal, `Reading ${file.name}`);
    bytes.set(await ask(window.desktop.readChunk(file.id, offset + at, Math.min(CHUNK_BYTES, length - at))), at);
    onProgress?.({ stage: 'Reading', fraction: Math.min(1, (at + CHUNK_BYTES) / length) });
  }
  return bytes;
}

function allocate(file: ReadableFile, length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new SplatError(
      'out-of-memory',
      `${file.name} needs ${formatBytes(length)} of memory at once, more than there is.`,
      'Close other programs, or open a smaller scene.',
      { cause: error },
    );
  }
}

/** Chromium gives 2 GiB less 2 MiB in one piece at most. */
export const MOST_ARRAY_BYTES = 2 ** 31 - 2 ** 21;

/** See ReadOptions. */
interface LoadOptions extends Pick<ParseOptions, 'signal' | 'onProgress' | 'mostArrayBytes'> {
  /** Takes a preview and resolves when it was seen: the rest of the file is read then. */
  readonly onPreview?: (preview: SplatScene) => Promise<void>;
}

/**
 * Reads a scene file with its neighbours in the worker, which asks for the parts that it needs. Throws as `readFile`
 * and `parseSceneInWorker` do.
 */
export async function loadScene(file: SceneFile, options: LoadOptions = {}): Promise<SplatScene> {
  const { onPreview, ...job } = options;
  let seen = Promise.resolve();
  const afterPreview = (part: ReadableFile): PartedFile => {
    const { size, read } = inParts(part, job);
    return { size, read: (offset, length) => seen.then(() => read(offset, length)) };
  };
  const siblings = Object.fromEntries(
    file.neighbours.map((neighbour) => [neighbour.name, afterPreview(neighbour)] as const),
  );
  try {
    return await parseSceneInWorker(afterPreview(file), file.name, {
      ...job,
      siblings,
      ...(onPreview === undefined ? {} : { onPreview: (preview) => void (seen = onPreview(preview)) }),
    });
  } finally {
    await Promise.all([file, ...file.neighbours].map(({ id }) => window.desktop.closeFile(id)));
  }
}

/** A file in parts, as the reader of its format asks for them. */
function inParts(file: ReadableFile, options: JobOptions): PartedFile {
  const read = async (offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
    if (length <= CHUNK_BYTES) return (await ask(window.desktop.readChunk(file.id, offset, length))).slice();
    return readRange(file, offset, length, options);
  };
  return { size: file.size, read };
}

/** Writes on in a save target, which the caller puts in place or abandons. */
export async function writeChunks(target: SaveTarget, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES)
    await ask(window.desktop.writeChunk(target.id, bytes.subarray(offset, offset + CHUNK_BYTES)));
}

/** Writes a scene into a save target and puts it in place; nothing is left behind where that fails. */
export async function writeScene(
  target: SaveTarget,
  { content, beside = [] }: Pick<EncodedScene, 'content' | 'beside'>,
): Promise<void> {
  try {
    for (const file of beside) {
      for (let offset = 0; offset === 0 || offset < file.bytes.length; offset += CHUNK_BYTES) {
        const end = offset + CHUNK_BYTES;
        const isLast = end >= file.bytes.length;
        await ask(window.desktop.writeBeside(target.id, file.path, file.bytes.subarray(offset, end), isLast));
      }
    }
    for await (const piece of content.pieces()) await writeChunks(target, piece);
    await ask(window.desktop.finishSave(target.id));
  } catch (error) {
    await window.desktop.abandonSave(target.id);
    throw error;
  }
}
