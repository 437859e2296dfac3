import { randomBytes } from 'node:crypto';
import { link, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SplatError, toSplatError } from '../core/errors.ts';

/**
 * Writes a file so that its name never stands for half of it (Node only): temporary file in the same folder, synced,
 * renamed, folder synced. The temporary file is removed on failure.
 * @param options.overwrite replaces an existing file; without it an existing file is left alone and refused.
 * @throws SplatError `io`
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array,
  options: { readonly overwrite?: boolean } = {},
): Promise<void> {
  const name = basename(path);
  const folder = dirname(path);
  const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.overwrite === true) await rename(temporary, path);
    else await renameToNew(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (isCode(error, 'EEXIST')) {
      throw new SplatError('io', `${name} exists already and was left as it is.`, 'Choose another name.', {
        cause: error,
      });
    }
    throw toSplatError(error, 'io', `${name} could not be written`);
  }
}

/**
 * Removes the temporary files that a killed process left of `path`. What can't be removed stays: it is in nobody's way.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const prefix = `.${basename(path)}.`;
  const isLeftover = (name: string): boolean =>
    name.startsWith(prefix) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(prefix.length));
  const names = await readdir(dirname(path)).catch(() => []);
  await Promise.all(names.filter(isLeftover).map((name) => unlink(join(dirname(path), name)).catch(() => undefined)));
}

/** rename() replaces silently, so a new name is taken by a hard link, which fails where the name exists. */
async function renameToNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    // File systems without hard links (FAT, some network shares): check and rename, the next best.
    if (
      !isCode(error, 'EPERM') &&
      !isCode(error, 'ENOTSUP') &&
      !isCode(error, 'EOPNOTSUPP') &&
      !isCode(error, 'ENOSYS')
    )
      throw error;
    const reserved = await open(path, 'wx');
    await reserved.close();
    await rename(temporary, path);
    return;
  }
  await unlink(temporary);
}

/** Makes the new name itself durable; Windows cannot open folders and needs no sync. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
