import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import { manifestOf } from '../../renderer/io/node-source.ts';
import { placeOfScene } from '../../renderer/io/node-write-scene.ts';
import { isProjectPath } from './project-path.ts';
import { sceneFilesOfProject } from './project-scene.ts';
import { filesBeside } from './scene-files.ts';

/**
 * Files that no output may replace: what something reads, and other outputs. A file is known by its device and number,
 * and a name by the folder that it lies in: links, spelling and linked folders make no other file of it.
 */
export class FilesRead {
  /** A name for each key of each file. */
  private readonly names = new Map<string, string>();
  /** A name of a file for the identity of each folder that it lies in, at whatever depth. */
  private readonly held = new Map<string, string>();
  /** Identities of folders by path: many files lie in few. */
  private readonly folders = new Map<string, Promise<string | undefined>>();

  /** A file as it is. What is not there can't be replaced either; its name is kept all the same. */
  async add(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      for (const key of await keysOf(path)) this.names.set(key, path);
      await this.hold(path);
    }
  }

  /** The name of another output. A file there may have links elsewhere, which stay when its name is replaced. */
  async addOutput(path: string): Promise<void> {
    this.names.set(await placeOf(path), path);
    await this.hold(path);
  }

  /** A scene: a file, a project with its scene's file, or a manifest or folder with everything that belongs to it. */
  async addScene(path: string): Promise<void> {
    if (isProjectPath(path)) {
      await this.add(path);
      // One that can't be read fails by name when its turn comes.
      for (const scene of await sceneFilesOfProject(path).catch(() => [])) await this.addSceneFile(scene);
      return;
    }
    await this.addSceneFile(path);
  }

  private async addSceneFile(path: string): Promise<void> {
    const manifest = await manifestOf(path).catch(() => path);
    await this.add(manifest, ...(await filesBeside(manifest).catch(() => [])));
  }

  /** A checkpoint and the file beside it that describes it. */
  async addModel(path: string): Promise<void> {
    await this.add(path, sidecarOf(path));
  }

  /** The file that an output at `path` would replace, by the name that it was added under; undefined where none. */
  async replacedBy(path: string): Promise<string | undefined> {
    for (const key of await keysOf(path)) {
      const name = this.names.get(key);
      if (name !== undefined) return name;
    }
    const place = placeOfScene(path);
    const folder = place === path ? undefined : await identityOf(place);
    return folder === undefined ? undefined : this.held.get(folder);
  }

  /** Keeps all folders that a file lies in, by its name and behind its links: a folder may be replaced as a whole. */
  private async hold(path: string): Promise<void> {
    const itself = resolve(path);
    for (const one of new Set([itself, await realpath(itself).catch(() => itself)]))
      for (let folder = dirname(one), inner = one; folder !== inner; inner = folder, folder = dirname(folder)) {
        const known = this.folders.get(folder) ?? identityOf(folder);
        this.folders.set(folder, known);
        const identity = await known;
        if (identity !== undefined) this.held.set(identity, path);
      }
  }

  /** @throws SplatError `usage` where an output at `path` would replace a file that is read */
  async assertFree(path: string): Promise<void> {
    const name = await this.replacedBy(path);
    if (name === undefined) return;
    const other = resolve(name) === resolve(path) ? '' : `, which is ${name}`;
    throw new SplatError(
      'usage',
      `${path} is an input file${other} and won't be overwritten.`,
      'Choose another name or folder for the output.',
    );
  }
}

/** Where the description of a checkpoint lies, if there is one. */
export function sidecarOf(checkpoint: string): string {
  return join(dirname(checkpoint), `${basename(checkpoint, extname(checkpoint))}.json`);
}

async function keysOf(path: string): Promise<string[]> {
  const [itself, place] = await Promise.all([identityOf(path), placeOf(path)]);
  return itself === undefined ? [place] : [itself, place];
}

/** The name in its folder, by whatever links that is reached: a rename would replace it. */
async function placeOf(path: string): Promise<string> {
  let folder = dirname(resolve(path));
  let names = basename(resolve(path));
  let identity = await identityOf(folder);
  // Folders that are still to be made are told apart by their names.
  while (identity === undefined && dirname(folder) !== folder) {
    names = join(basename(folder), names);
    folder = dirname(folder);
    identity = await identityOf(folder);
  }
  // File systems of Windows and macOS see one file where the names differ by case alone.
  return `${identity ?? folder}/${process.platform === 'linux' ? names : names.toLowerCase()}`;
}

/** Device and number of the file behind all links; undefined where there is none, or no telling. */
async function identityOf(path: string): Promise<string | undefined> {
  // Numbers of some file systems have 64 bits.
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info === undefined || info.ino === 0n ? undefined : `${info.dev}:${info.ino}`;
}
