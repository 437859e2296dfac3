import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { openToRead } from '../../renderer/io/node-source.ts';
import type { FileIdentity, Place } from '../../renderer/project/project-schema.ts';

/** Bytes that are read of a file's beginning, middle and end to know it again. */
const SAMPLE_BYTES = 1 << 16;

/**
 * Where a file lies, also as seen from a folder: what moves along with the folder is found again.
 * @param folder undefined where nothing moves along
 */
export function placeOf(path: string, folder: string | undefined): Place {
  const absolute = resolve(path);
  if (folder === undefined) return { absolute };
  const way = relative(folder, absolute);
  // On Windows no way leads to another drive.
  return isAbsolute(way) ? { absolute } : { relative: way.replaceAll('\\', '/'), absolute };
}

/**
 * The paths that a place may mean, the likelier first. A file of anyone's may name a place on the network: that is not
 * gone to unasked.
 */
export function pathsOf({ relative: way, absolute }: Place, folder: string): string[] {
  const paths = [...(way === undefined ? [] : [resolve(folder, way)]), absolute];
  return [...new Set(paths)].filter((path) => !isOnNetwork(path) || isOnNetwork(folder));
}

/** The first of a place's paths where there is something. */
export async function findPlace(place: Place, folder: string): Promise<string | undefined> {
  for (const path of pathsOf(place, folder)) if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  return undefined;
}

/**
 * By what a file is known again without reading all of it: its size, and its beginning, middle and end. Times do not
 * count, since copies have others. Undefined where it can't be read.
 */
export async function identityOf(path: string): Promise<FileIdentity | undefined> {
  // A project may be anyone's, and name a pipe.
  const file = await openToRead(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256');
    for (const start of [0, Math.floor(size / 2), Math.max(0, size - SAMPLE_BYTES)]) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(SAMPLE_BYTES), 0, SAMPLE_BYTES, start);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return { size, digest: hash.digest('hex') };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Whether a path leads to another machine on Windows. */
function isOnNetwork(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}
