import { SplatError } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';
import type { SplatScene } from '../core/splat-scene.ts';

/**
 * Random access to one file, wherever it lies (memory, disk, a dropped Blob).
 * `read` may answer with fewer bytes than asked for only at the end of the file.
 */
export interface SceneSource {
  /** File name without folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Opens a file beside this one, by a path relative to this file's folder (SOG folders need it). */
  sibling?(relativePath: string): Promise<SceneSource>;
  /** Whether there is such a file beside this one, for those that a scene may do without. */
  hasSibling?(relativePath: string): Promise<boolean>;
}

export interface ReadOptions extends JobOptions<FileStage> {
  /**
   * Bytes of an array of the scene at most: higher harmonics of a PLY are left out where they would take more, which
   * `meta.degreeInFile` tells.
   */
  readonly mostArrayBytes?: number | undefined;
  /**
   * Takes a preview of a large scene before the rest of it is read: a sample of its splats, enlarged to cover what the
   * others do, counted from the same origin. Files that can't be read but from their beginning to their end give none.
   */
  readonly onPreview?: ((preview: SplatScene) => void) | undefined;
}

export function sourceFromBytes(name: string, bytes: Uint8Array): SceneSource {
  return {
    name,
    size: bytes.byteLength,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** Files in memory, of which `name` is the one that is opened. */
export function sourceFromFiles(name: string, files: Readonly<Record<string, Uint8Array>>): SceneSource {
  return {
    ...sourceFromBytes(name, files[name] ?? new Uint8Array(0)),
    hasSibling: (path) => Promise.resolve(Object.hasOwn(files, path)),
    sibling: (path) =>
      Object.hasOwn(files, path)
        ? Promise.resolve(sourceFromBytes(path, files[path]))
        : Promise.reject(new SplatError('io', `${name} needs the file ${path}, which is not there.`)),
  };
}

/** A Blob or File, read in pieces: the browser never holds the whole of it in memory. */
export function sourceFromBlob(name: string, blob: Blob): SceneSource {
  return {
    name,
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

/** Reads exactly `length` bytes or throws `truncated-file`. */
export async function readExactly(source: SceneSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.byteLength !== length) {
    throw truncated(source.name, `${length} bytes are needed at offset ${offset}, ${bytes.byteLength} are there`);
  }
  return bytes;
}

export function truncated(name: string, reason: string, options?: ErrorOptions): SplatError {
  const message = `${name} ends too early: ${reason}.`;
  return new SplatError('truncated-file', message, 'Copy or download the file again.', options);
}

export function invalid(name: string, reason: string, options?: ErrorOptions): SplatError {
  const message = `${name} is damaged or not what it claims to be: ${reason}.`;
  return new SplatError('invalid-file', message, 'Copy or export the file again.', options);
}

const ANOTHER_FORM = 'Convert it with the program that made it, or choose another file.';

export function unsupported(name: string, reason: string, advice: string = ANOTHER_FORM): SplatError {
  return new SplatError('unsupported-feature', `${name} cannot be read: ${reason}.`, advice);
}

/** Letters of a name beside a scene at most: what is longer is no name, and no message could hold it. */
const LONGEST_NAME = 255;

/**
 * Opens the file of which a scene says that it lies beside it.
 * @param path relative to the scene's folder, as the scene has it
 * @throws SplatError `invalid-file` where that is no name, `unsupported-feature` where the scene came without a folder,
 *   `io` where there is no such file
 */
export function openSibling(
  source: SceneSource,
  path: string,
  advice = 'Open it where both lie.',
): Promise<SceneSource> {
  if (path.length > LONGEST_NAME) throw invalid(source.name, `it needs a file whose name has ${path.length} letters`);
  if (source.sibling === undefined) throw unsupported(source.name, `it needs the file ${path} beside it`, advice);
  return source.sibling(path);
}

/** The error for a scene of `count` splats that all fail `isDrawable`. */
export function nothingToDraw(name: string, count: number): SplatError {
  return invalid(name, `none of its ${count} splats can be drawn, as they hold NaN or zeros`);
}

export function empty(name: string): SplatError {
  return new SplatError('empty-scene', `${name} holds no splats.`, 'Open a file with at least one splat.');
}
