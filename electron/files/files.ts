import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatOfName } from '../../renderer/core/writable-formats.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { manifestOf, openToRead } from '../../renderer/io/node-source.ts';
import { PendingScene } from '../../renderer/io/node-write-scene.ts';
import type { ModelFile, ReadableFile, SaveTarget, SceneFile } from '../../renderer/bridge/files.ts';
import { FilesRead, sidecarOf } from './files-read.ts';
import { sceneTitle, filesBeside } from './scene-files.ts';

interface OpenRead {
  readonly path: string;
  readonly size: number;
  /** Where in the file it begins. */
  readonly start: number;
  /** When the file was changed last, in milliseconds since 1970; 0 where that is of no interest. */
  readonly modifiedMs: number;
  /** Opened at the first read; kept as a promise, so that reads at one time open it once. */
  handle?: Promise<FileHandle>;
}

/**
 * The files that the page may touch, by handles that only this table gives out. A handle names one file for one
 * purpose; the page can neither make one up nor learn the path behind it.
 */
export class FileTable {
  private readonly reads = new Map<string, OpenRead>();
  /** What no save may replace, whatever the person answers. */
  private readonly kept = new FilesRead();
  private readonly saves = new Map<string, PendingScene>();
  /** Paths of files that were saved, by the handles of their saves. */
  private readonly saved = new Map<string, string>();
  /** Handles among them that only name a file: it is never written by them. */
  private readonly named = new Set<string>();
  /** Saves whose temporary file is being made. */
  private readonly opening = new Set<Promise<unknown>>();

  /**
   * Lets the page read a scene file, and the files beside it where the format is made of several: SOG's meta.json, or
   * the folder that it lies in, which gives such a scene its name.
   */
  async admitScene(path: string): Promise<SceneFile> {
    // What is no scene is refused as what it is, by name.
    const manifest = await manifestOf(path).catch(() => path);
    const file = await this.admitFile(manifest);
    const neighbours = await Promise.all(
      (await filesBeside(manifest)).map(async (neighbour) => ({
        ...(await this.admitFile(neighbour)),
        name: relative(dirname(manifest), neighbour).replaceAll('\\', '/'),
      })),
    );
    return { ...file, name: sceneTitle(resolve(manifest)), neighbours };
  }

  /** Lets the page read a checkpoint and, when there is one, NAME.json beside it. */
  async admitModel(path: string): Promise<ModelFile> {
    const file = await this.admitKept(path);
    const sidecar = await this.admitKept(sidecarOf(path)).catch(() => undefined);
    return { ...file, sidecar };
  }

  /** Lets the page read a file that no save may replace. */
  async admitKept(path: string): Promise<ReadableFile> {
    const file = await this.admitFile(path);
    await this.kept.add(path);
    return file;
  }

  /** Lets the page read one file as it is. */
  async admitFile(path: string): Promise<ReadableFile> {
    const absolute = resolve(path);
    const name = basename(absolute);
    let size: number;
    let modifiedMs: number;
    try {
      const info = await stat(absolute);
      if (info.isDirectory())
        throw new SplatError('io', `${name} is a folder.`, 'Choose a file, or a folder that is one scene.');
      if (!info.isFile()) throw new SplatError('io', `${name} is not a file but a device or a pipe.`, 'Choose a file.');
      size = info.size;
      modifiedMs = info.mtimeMs;
    } catch (error) {
      throw error instanceof SplatError ? error : fileError(error, 'opened', name);
    }
    const id = randomUUID();
    this.reads.set(id, { path: absolute, size, start: 0, modifiedMs });
    return { id, name, size };
  }

  /** Lets the page read a part of a file that main has read itself, as a file of its own. */
  admitSpan(path: string, start: number, size: number): ReadableFile {
    const absolute = resolve(path);
    const id = randomUUID();
    this.reads.set(id, { path: absolute, size, start, modifiedMs: 0 });
    return { id, name: basename(absolute), size };
  }

  /** Gives out a handle that names a file which is not there. */
  admitMissing(path: string): ReadableFile {
    return this.admitSpan(path, 0, 0);
  }

  pathOf(id: string): string {
    return this.find(id).path;
  }

  /** When the file behind a handle had been changed last as it was given out, in milliseconds since 1970. */
  modifiedOf(id: string): number {
    return this.find(id).modifiedMs;
  }

  /** Where a save that is under way goes. */
  pathOfSave(id: string): string {
    return this.findSave(id).path;
  }

  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  async read(id: string, offset: number, length: number): Promise<Uint8Array> {
    const file = this.find(id);
    const name = basename(file.path);
    try {
      const handle = await this.handleOf(file);
      const bytes = new Uint8Array(Math.max(0, Math.min(length, file.size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, file.start + offset + filled);
        if (bytesRead === 0)
          throw new SplatError('truncated-file', `${name} became shorter while it was read.`, 'Open it again.');
        filled += bytesRead;
      }
      return bytes;
    } catch (error) {
      throw error instanceof SplatError ? error : fileError(error, 'read', name);
    }
  }

  /**
   * Closes the file behind a handle; the handle stays good for naming the file (never overwriting it) and reading
   * again.
   */
  async close(id: string): Promise<void> {
    const file = this.find(id);
    const { handle } = file;
    delete file.handle;
    // The read that could not open it has said so.
    const opened = await handle?.catch(() => undefined);
    await opened?.close();
  }

  /**
   * Starts writing `path` under a temporary name beside it. Refuses the files of the scene behind `inputId` and what is
   * kept, however it is spelled.
   */
  async beginSave(path: string, inputId: string | undefined): Promise<SaveTarget> {
    const opening = this.begin(path, inputId);
    this.opening.add(opening);
    try {
      return await opening;
    } finally {
      this.opening.delete(opening);
    }
  }

  async write(id: string, bytes: Uint8Array): Promise<void> {
    const save = this.findSave(id);
    try {
      await save.write(bytes);
    } catch (error) {
      throw fileError(error, 'saved', basename(save.path));
    }
  }

  /** Writes at a place of the file, for formats whose beginning is known last; what lay there is replaced. */
  async writeAt(id: string, bytes: Uint8Array, position: number): Promise<void> {
    const save = this.findSave(id);
    try {
      await save.writeAt(bytes, position);
    } catch (error) {
      throw fileError(error, 'saved', basename(save.path));
    }
  }

  /** Writes on at a file beside the one that is opened, see `PendingScene`. */
  async writeBeside(id: string, path: string, bytes: Uint8Array, isLast: boolean): Promise<void> {
    const save = this.findSave(id);
    try {
      await save.writeBeside(path, bytes);
      if (isLast) await save.finishBeside(path);
    } catch (error) {
      throw fileError(error, 'saved', path);
    }
  }

  /** Puts the file in its place, durably. Returns its path. */
  async finishSave(id: string): Promise<string> {
    const save = this.findSave(id);
    this.saves.delete(id);
    try {
      await save.commit({ overwrite: true });
      this.saved.set(id, save.path);
      return save.path;
    } catch (error) {
      throw error instanceof SplatError ? error : fileError(error, 'saved', basename(save.path));
    }
  }

  /** Gives out a handle for a file that main itself has saved. */
  admitSaved(path: string): SaveTarget {
    const id = randomUUID();
    this.saved.set(id, resolve(path));
    return { id, name: basename(path) };
  }

  /** Gives out a handle that says where a file lies, and by which nothing is written. */
  admitNamed(path: string): SaveTarget {
    const target = this.admitSaved(path);
    this.named.add(target.id);
    return target;
  }

  /** Whether a handle of a saved file writes there again. */
  isWritable(id: string): boolean {
    return !this.named.has(id);
  }

  /** Starts writing where a save went, as `beginSave` does. */
  async saveAgain(id: string): Promise<SaveTarget> {
    const path = this.savedPathOf(id);
    if (!this.isWritable(id))
      throw new SplatError('usage', `${basename(path)} is named by a project alone.`, 'Use File > Save As…');
    return this.beginSave(path, undefined);
  }

  /** Where a finished save went. */
  savedPathOf(id: string): string {
    const path = this.saved.get(id);
    if (path === undefined)
      throw new SplatError('io', 'The page asked for a file that was not saved.', 'Save it first.');
    return path;
  }

  async abandonSave(id: string): Promise<void> {
    const save = this.saves.get(id);
    if (save === undefined) return;
    this.saves.delete(id);
    await save.discard();
  }

  /** Removes half-written files when the page goes away, those that just begin too; what can't be removed stays. */
  async abandonAllSaves(): Promise<void> {
    await Promise.allSettled(this.opening);
    await Promise.allSettled([...this.saves.keys()].map((id) => this.abandonSave(id)));
  }

  private async begin(path: string, inputId: string | undefined): Promise<SaveTarget> {
    const name = basename(path);
    const scene = new FilesRead();
    if (inputId !== undefined) await scene.addScene(this.pathOf(inputId));
    const isScene = (await scene.replacedBy(path)) !== undefined;
    if (isScene || (await this.kept.replacedBy(path)) !== undefined) {
      const what = isScene ? 'of the scene you opened' : 'a model, a photo or a camera file that is in use';
      throw new SplatError('io', `${name} is ${what}, and is never overwritten.`, 'Save under another name.');
    }
    try {
      const id = randomUUID();
      this.saves.set(id, await PendingScene.open(path));
      return { id, name: sceneTitle(resolve(path)), format: formatOfName(path) };
    } catch (error) {
      throw error instanceof SplatError ? error : fileError(error, 'saved', name);
    }
  }

  private handleOf(file: OpenRead): Promise<FileHandle> {
    if (file.handle === undefined) {
      const opening = openToRead(file.path);
      file.handle = opening;
      // A file that could not be opened may be there again at the next read.
      opening.catch(() => {
        if (file.handle === opening) delete file.handle;
      });
    }
    return file.handle;
  }

  private find(id: string): OpenRead {
    const file = this.reads.get(id);
    if (file === undefined)
      throw new SplatError('io', 'The page asked for a file that it was not given.', 'Open the file again.');
    return file;
  }

  private findSave(id: string): PendingScene {
    const save = this.saves.get(id);
    if (save === undefined)
      throw new SplatError('io', 'The page wrote to a file that is not being saved.', 'Save again.');
    return save;
  }
}
