import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SplatError } from '../core/errors.ts';
import { fileError } from './node-file-error.ts';
import { leftoversIn, markFinished, markUnfinished, temporaryName } from './temporary-file.ts';

export interface CommitOptions {
  /** Replaces an existing file; without it an existing file is left alone and refused. */
  readonly overwrite?: boolean;
}

/**
 * A file that is being written (Node only). Its name never stands for half of it, whenever the process or the machine
 * ends: it is written under a temporary name in the same folder, synced and renamed, and the folder is synced. The end
 * of the process removes it; what processes that were killed left in the folder is removed first. Methods throw what
 * the file system says.
 */
export class PendingFile {
  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  static async open(path: string): Promise<PendingFile> {
    await assertReplaceable(path);
    await removeLeftovers(path);
    const temporary = temporaryOf(path);
    markUnfinished(temporary);
    try {
      // It is made at once, so that the end of the process can't fall between its beginning and its being there.
      closeSync(openSync(temporary, 'wx'));
      return new PendingFile(path, temporary, await open(temporary, 'r+'));
    } catch (error) {
      await removeTemporary(temporary);
      throw error;
    }
  }

  /** Writes on after the last byte. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.handle.writeFile(bytes);
  }

  /** Writes from byte `position` on, over what is there. */
  async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;)
      done += (await this.handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }

  /** Puts the file in its place; nothing is left of it where that fails. */
  async commit({ overwrite = false }: CommitOptions = {}): Promise<void> {
    try {
      try {
        await this.handle.sync();
      } finally {
        await this.handle.close();
      }
      if (overwrite) await rename(this.temporary, this.path);
      else await renameToNew(this.temporary, this.path);
      markFinished(this.temporary);
      await syncFolder(dirname(this.path));
    } catch (error) {
      await removeTemporary(this.temporary);
      throw error;
    }
  }

  /** Gives the file up: nothing is left of it. */
  async discard(): Promise<void> {
    try {
      await this.handle.close();
    } finally {
      await removeTemporary(this.temporary);
    }
  }
}

/**
 * Writes a file as `PendingFile` does.
 * @throws SplatError `io`
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array, options: CommitOptions = {}): Promise<void> {
  const name = basename(path);
  try {
    const file = await PendingFile.open(path);
    try {
      await file.write(bytes);
    } catch (error) {
      await file.discard();
      throw error;
    }
    await file.commit(options);
  } catch (error) {
    if (isCode(error, 'EEXIST')) {
      throw new SplatError('io', `${name} exists already and was left as it is.`, 'Choose another name.', {
        cause: error,
      });
    }
    throw fileError(error, 'written', name);
  }
}

/** Replaces a small file with a text as `PendingFile` does, before anything else happens. Throws as the file system. */
export function replaceFileSync(path: string, text: string): void {
  const folder = dirname(path);
  for (const name of leftoversIn(readdirSync(folder))) rmSync(join(folder, name), { recursive: true, force: true });
  const temporary = temporaryOf(path);
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    syncFolderSync(folder);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Gives a file that is complete and synced its final name, and makes that durable. Throws as the file system. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Makes a folder with those above it, where it is not there. @throws SplatError `io` */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, 'made', `The folder ${basename(folder)}`);
  });
}

/**
 * A rename would put a file in the place of a device or a pipe, for every program that uses it.
 * @throws SplatError `io` where there is one, or a link to one
 */
export async function assertReplaceable(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.isFile() || there.isDirectory()) return;
  throw new SplatError('io', `${basename(path)} is not a file but a device or a pipe.`, 'Choose another name.');
}

/**
 * Removes the temporary files and folders that processes which are gone left in the folder of `path`. What can't be
 * removed stays: it is in nobody's way.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const names = leftoversIn(await readdir(folder).catch(() => []));
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true }).catch(() => undefined)));
}

function temporaryOf(path: string): string {
  return join(dirname(path), temporaryName());
}

async function removeTemporary(temporary: string): Promise<void> {
  await rm(temporary, { force: true });
  markFinished(temporary);
}

/** rename() replaces silently, so a new name is taken by a hard link, which fails where the name exists. */
async function renameToNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    // File systems without hard links (FAT, some network shares): check and rename, the next best.
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    const reserved = await open(path, 'wx');
    await reserved.close();
    await rename(temporary, path);
    return;
  }
  await unlink(temporary);
}

/** Makes a new name in the folder durable; Windows cannot open folders and needs no sync. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!cannotSync(error)) throw error;
  }
}

function syncFolderSync(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!cannotSync(error)) throw error;
  }
}

/** A folder that may be written but not read, or a file system without such a sync: the file is whole all the same. */
function cannotSync(error: unknown): boolean {
  return isCode(error, 'EACCES', 'EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS');
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
