import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { SplatError } from '../core/errors.ts';
import { fileError } from './node-file-error.ts';
import { meantName, pathParts } from './meant-name.ts';
import { descriptionAmong } from './scene-folder.ts';
import type { SceneSource } from './source.ts';

/** A file that is open, and with it those beside it that were asked for. */
export interface OpenFile extends SceneSource {
  close(): Promise<void>;
  /** Bytes of the file and of all that was opened beside it until now. */
  openedBytes(): number;
}

/**
 * Opens a file on disk (Node only). A directory stands for the description of the scene in it, see `manifestOf`.
 * `sibling` reaches files inside the same folder only. `close` closes the siblings too.
 * @throws SplatError `io`
 */
export async function openFileSource(path: string): Promise<OpenFile> {
  try {
    return await openFile(await manifestOf(path));
  } catch (error) {
    throw fileError(error, 'opened', basename(path));
  }
}

/**
 * The file to open for `path`: itself, or the description of the scene in the folder that it is, see
 * `descriptionAmong`. @throws SplatError `unknown-format`, or the file system's error
 */
export async function manifestOf(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return path;
  const description = descriptionAmong(await readdir(path, { withFileTypes: true }));
  if (description !== undefined) return join(path, description);
  throw new SplatError(
    'unknown-format',
    `The folder ${basename(path)} is no scene: it holds no SOG (lod-meta.json, or meta.json with its pictures) and ` +
      'no single .gltf, .lcc or .lcc2 file.',
    'Choose a file in it.',
  );
}

/**
 * Reads a file whole (Node only). @throws SplatError `io` for what is no file; what the file system says otherwise
 */
export async function readWholeFile(path: string): Promise<Buffer> {
  const file = await openToRead(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * Opens a file to read, and nothing else: a pipe nobody writes to would hold the process for ever, deaf to signals, and
 * a device has no end. Throws as `readWholeFile`.
 */
export async function openToRead(path: string): Promise<FileHandle> {
  // A pipe must not even be waited for. Windows has neither the pipe nor the flag.
  const withoutWaiting = (constants.O_NONBLOCK as number | undefined) ?? 0;
  const file = await open(path, constants.O_RDONLY | withoutWaiting);
  try {
    const info = await file.stat();
    if (info.isFile()) return file;
    throw new SplatError(
      'io',
      `${basename(path)} is ${info.isDirectory() ? 'a folder' : 'not a file but a device or a pipe'}.`,
      'Choose a file.',
    );
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The path of the file below `folder` that a description there names: as it stands, else as `meantName` says. Where
 * there is none, the path as it stands.
 */
export async function meantPath(folder: string, relativePath: string): Promise<string> {
  const exact = resolve(folder, relativePath);
  const parts = pathParts(relativePath);
  if (parts.includes('..') || (await isThere(exact))) return exact;
  let path = folder;
  for (const part of parts) {
    const name = meantName(part, await readdir(path).catch(() => []));
    if (name === undefined) return exact;
    path = join(path, name);
  }
  return resolve(path);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function openFile(path: string): Promise<OpenFile> {
  const file = await openToRead(path);
  const siblings: OpenFile[] = [];
  const folder = dirname(path);
  const { size } = await file.stat();
  const sizes = new Map([[resolve(path), size]]);
  return {
    name: basename(path),
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let done = 0;
      while (done < bytes.byteLength) {
        const { bytesRead } = await file.read(bytes, done, bytes.byteLength - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    hasSibling: async (relativePath) => {
      const info = await stat(await meantPath(folder, relativePath)).catch(() => undefined);
      return info?.isFile() === true;
    },
    sibling: async (relativePath) => {
      const target = await meantPath(folder, relativePath);
      const inside = relative(folder, target);
      if (inside.startsWith('..') || isAbsolute(inside))
        throw new SplatError('invalid-file', `${basename(path)} points outside its own folder, to ${relativePath}.`);
      try {
        const source = await openFile(target);
        siblings.push(source);
        sizes.set(target, source.size);
        return source;
      } catch (error) {
        throw fileError(error, 'opened', `${relativePath}, which ${basename(path)} needs,`);
      }
    },
    openedBytes: () => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    close: async () => {
      await Promise.all([file.close(), ...siblings.map((s) => s.close())]);
    },
  };
}
