import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';

/** What the page keeps for each scene between starts: one small text file a scene, named after the scene's place. */
export class SceneStore {
  constructor(
    private readonly folder: string,
    /** What it is, for messages: `What was kept for the scene`. */
    private readonly what: string,
  ) {}

  /** The text kept for the scene at `path`, undefined where there is none. Throws `io`. */
  async read(path: string): Promise<string | undefined> {
    const file = await this.fileFor(path);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fileError(error, 'read', this.what);
    }
  }

  /** Keeps a text for the scene at `path`; an empty one removes what was kept. Throws `io`. */
  async write(path: string, text: string): Promise<void> {
    const file = await this.fileFor(path);
    if (text === '') {
      await rm(file, { force: true });
      return;
    }
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFileAtomically(file, new TextEncoder().encode(text), { overwrite: true });
    } catch (error) {
      throw fileError(error, 'kept', this.what);
    }
  }

  /** Scenes are distinguished by their real path, which may hold anything, so its hash is the name. */
  private async fileFor(path: string): Promise<string> {
    const place = await realpath(path).catch(() => path);
    return join(this.folder, `${createHash('sha256').update(place).digest('hex').slice(0, 32)}.json`);
  }
}
