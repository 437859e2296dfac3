import { lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SplatError } from '../core/errors.ts';
import { formatOfName, isFolderFormat } from '../core/writable-formats.ts';
import type { FileContent } from './file-content.ts';
import type { NamedFile } from './library-files.ts';
import { fileError } from './node-file-error.ts';
import { readWholeFile } from './node-source.ts';
import type { CommitOptions } from './node-write.ts';
import { PendingFile, removeLeftovers, syncFolder } from './node-write.ts';
import { markFinished, markUnfinished, temporaryName } from './temporary-file.ts';

/**
 * What appears on disk for a scene that is named by the file to open: the file itself, or the folder of its own in
 * which a SOG's description lies.
 */
export function placeOfScene(path: string): string {
  return isFolderFormat(formatOfName(path)) ? dirname(resolve(path)) : path;
}

/**
 * A scene that is being written (Node only), of one file or several. It takes its place as a whole, as `PendingFile`
 * does: a folder is made under a temporary name and renamed; the file of numbers beside a .gltf, whose name tells its
 * content, is in its place before the .gltf names it. A folder that holds anything but a SOG scene is left alone.
 */
export class PendingScene {
  private readonly beside = new Map<string, PendingFile>();

  private constructor(
    readonly path: string,
    private readonly main: PendingFile,
    /** Where the folder is made that is the scene; undefined where it is a file. */
    private readonly temporary: string | undefined,
  ) {}

  /** @param path of the file that is opened: for a folder, of the description in it */
  static async open(path: string): Promise<PendingScene> {
    if (!isFolderFormat(formatOfName(path))) return new PendingScene(path, await PendingFile.open(path), undefined);
    const folder = placeOfScene(path);
    await assertOwn(folder);
    await removeLeftovers(folder);
    const temporary = join(dirname(folder), temporaryName());
    markUnfinished(temporary);
    try {
      await mkdir(temporary);
      return new PendingScene(path, await PendingFile.open(join(temporary, basename(path))), temporary);
    } catch (error) {
      await removeFolder(temporary);
      throw error;
    }
  }

  /** Writes on after the last byte of the file that is opened. */
  write(bytes: Uint8Array): Promise<void> {
    return this.main.write(bytes);
  }

  /** Writes from byte `position` on, over what is there. */
  writeAt(bytes: Uint8Array, position: number): Promise<void> {
    return this.main.writeAt(bytes, position);
  }

  /** Writes on after the last byte of a file beside it. @param name with slashes, below the scene's folder */
  async writeBeside(name: string, bytes: Uint8Array): Promise<void> {
    let file = this.beside.get(name);
    if (file === undefined) {
      const path = join(this.temporary ?? dirname(this.path), name);
      if (this.temporary !== undefined) await mkdir(dirname(path), { recursive: true });
      file = await PendingFile.open(path);
      this.beside.set(name, file);
    }
    await file.write(bytes);
  }

  /** A file beside is complete: a scene may have more files than can be open at a time. */
  async finishBeside(name: string): Promise<void> {
    if (this.temporary === undefined) return;
    await this.beside.get(name)?.commit();
    this.beside.delete(name);
  }

  /** Puts the scene in its place; nothing is left of it where that fails. */
  async commit(options: CommitOptions = {}): Promise<void> {
    if (this.temporary === undefined) return this.commitFiles(options);
    try {
      for (const name of [...this.beside.keys()]) await this.finishBeside(name);
      await this.main.commit();
      await placeFolder(this.temporary, placeOfScene(this.path), options);
      markFinished(this.temporary);
    } catch (error) {
      await removeFolder(this.temporary);
      throw error;
    }
  }

  /** Gives the scene up: nothing is left of it. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.main, ...this.beside.values()].map((file) => file.discard()));
    if (this.temporary !== undefined) await removeFolder(this.temporary);
  }

  private async commitFiles(options: CommitOptions): Promise<void> {
    const before = await numbersOf(this.path);
    const written: string[] = [];
    try {
      for (const [name, file] of this.beside) {
        const isNew = (await lstat(file.path).catch(() => undefined)) === undefined;
        await file.commit({ overwrite: true });
        if (isNew) written.push(file.path);
        this.beside.delete(name);
        before.delete(name);
      }
      await this.main.commit(options);
    } catch (error) {
      await this.discard();
      for (const path of written) await rm(path, { force: true });
      throw error;
    }
    for (const name of before) await removeUnnamed(join(dirname(this.path), name));
  }
}

/**
 * Writes a scene as `PendingScene` does.
 * @throws SplatError `io`, and what making its content throws
 */
export async function writeSceneAtomically(
  path: string,
  { content, beside = [] }: { readonly content: FileContent; readonly beside?: readonly NamedFile[] },
  options: CommitOptions = {},
): Promise<void> {
  const name = basename(placeOfScene(path));
  try {
    const scene = await PendingScene.open(path);
    try {
      for await (const piece of content.pieces()) await scene.write(piece);
      for (const file of beside) {
        await scene.writeBeside(file.path, file.bytes);
        await scene.finishBeside(file.path);
      }
    } catch (error) {
      await scene.discard();
      throw error;
    }
    await scene.commit(options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new SplatError('io', `${name} exists already and was left as it is.`, 'Choose another name.', {
        cause: error,
      });
    }
    throw fileError(error, 'written', name);
  }
}

/** Gives a finished folder its name, in the place of an earlier scene or of an empty folder. */
async function placeFolder(from: string, to: string, { overwrite = false }: CommitOptions): Promise<void> {
  await assertOwn(to);
  const there = await readdir(to).catch(() => undefined);
  if (there !== undefined && there.length > 0 && !overwrite)
    throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' });
  if (there === undefined || there.length === 0) {
    if (there !== undefined) await rmdir(to);
    await rename(from, to);
  } else {
    // Two folders can't be exchanged at once: should the machine stop here, the earlier one has this name.
    const aside = `${to}-before-${temporaryName().slice(-12, -4)}`;
    await rename(to, aside);
    try {
      await rename(from, to);
    } catch (error) {
      await rename(aside, to);
      throw error;
    }
    await rm(aside, { recursive: true, force: true });
  }
  await syncFolder(dirname(to));
}

/** @throws SplatError `io` where a folder holds anything but a SOG scene, which would be lost with it */
async function assertOwn(folder: string): Promise<void> {
  const info = await lstat(folder).catch(() => undefined);
  if (info === undefined) return;
  const foreign = info.isDirectory() ? await foreignIn(folder) : basename(folder);
  if (foreign === undefined) return;
  throw new SplatError(
    'io',
    info.isDirectory()
      ? `The folder ${basename(folder)} holds other files, such as ${foreign}, and was left as it is.`
      : `${basename(folder)} is not a folder, and was left as it is.`,
    'Choose another name: the scene becomes a folder of its own.',
  );
}

const DESCRIPTIONS = ['meta.json', 'lod-meta.json'];

/** A name in the folder that is no part of a SOG scene. */
async function foreignIn(folder: string): Promise<string | undefined> {
  const isPart = (name: string): boolean => DESCRIPTIONS.includes(name) || /^[a-z]+\w*\.webp$/i.test(name);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    if (entry.isFile() && isPart(entry.name)) continue;
    if (!entry.isDirectory() || !/^(env|\d+_\d+)$/.test(entry.name)) return entry.name;
    const inner = await readdir(join(folder, entry.name), { withFileTypes: true });
    const other = inner.find((file) => !file.isFile() || !isPart(file.name));
    if (other !== undefined) return `${entry.name}/${other.name}`;
  }
  return entries.length === 0 || entries.some(({ name }) => DESCRIPTIONS.includes(name)) ? undefined : entries[0].name;
}

/** Largest .gltf of this app's own, whose numbers lie beside it. */
const MOST_DESCRIPTION_BYTES = 1e6;

/** Names of the files of numbers that a .gltf of this app names, which are of no use once it is replaced. */
async function numbersOf(path: string): Promise<Set<string>> {
  const text = path.toLowerCase().endsWith('.gltf') ? await descriptionAt(path) : undefined;
  if (text === undefined) return new Set();
  const names = [...text.matchAll(/"uri":\s*"([^"/\\]+-[0-9a-f]{8}\.bin)"/g)].map(([, uri]) => decodeURIComponent(uri));
  return new Set(names);
}

/** The text of a short .gltf; undefined for what is longer, no file, or can't be read. */
async function descriptionAt(path: string): Promise<string | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (info?.isFile() !== true || info.size > MOST_DESCRIPTION_BYTES) return undefined;
  return readWholeFile(path).then(
    (bytes) => bytes.toString('utf8'),
    () => undefined,
  );
}

/** Removes a file of numbers unless another .gltf of its folder names it, or may name it. */
async function removeUnnamed(path: string): Promise<void> {
  const folder = dirname(path);
  const name = encodeURIComponent(basename(path));
  for (const other of await readdir(folder)) {
    if (!other.toLowerCase().endsWith('.gltf')) continue;
    const text = await descriptionAt(join(folder, other));
    if (text === undefined || text.includes(name) || text.includes(basename(path))) return;
  }
  await rm(path, { force: true });
}

async function removeFolder(temporary: string): Promise<void> {
  await rm(temporary, { recursive: true, force: true });
  markFinished(temporary);
}
