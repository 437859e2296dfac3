import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatBytes } from '../../renderer/core/units.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import type { LeftSession } from '../../renderer/bridge/project.ts';

const DESCRIPTION = 'project.json';
/** What the session leaves free on its disk. */
const FREE_BYTES = 1 << 30;

/** A session on disk: its description, and the files of its parts by their names. */
export interface ReadSession {
  readonly description: string;
  readonly folder: string;
  readonly parts: readonly { readonly id: string; readonly path: string; readonly size: number }[];
}

/**
 * What is open now, kept beside the user's data while the app runs, and what a run before left that did not end as it
 * should. Parts are files that are written once; the description, which is replaced whole, says which of them count.
 */
export class SessionStore {
  private readonly current: string;
  private readonly left: string;
  /** There from the start of a restoring until the app has lived on with it for a while. */
  private readonly tried: string;
  /** There from a restart that a person asked for until what was open is read. */
  private readonly wanted: string;
  /** One after the other: what is kept last counts. */
  private work: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(userDataFolder: string) {
    this.current = join(userDataFolder, 'session');
    this.left = join(userDataFolder, 'session-left');
    this.tried = join(userDataFolder, 'session-tried');
    this.wanted = join(userDataFolder, 'session-wanted');
  }

  /**
   * Puts aside what the session before left, for the page that begins now; one that never got as far as a description
   * is nothing.
   * @param mayRestore false where a person asked for something else, or restoring is a risk; a wanted one is restored
   */
  leave(mayRestore: boolean): Promise<LeftSession | undefined> {
    return this.inTurn(async () => {
      if (existsSync(join(this.current, DESCRIPTION))) {
        await rm(this.left, { recursive: true, force: true });
        await rename(this.current, this.left);
      } else await rm(this.current, { recursive: true, force: true });
      if (!existsSync(join(this.left, DESCRIPTION))) return undefined;
      const isTried = existsSync(this.tried);
      return existsSync(this.wanted) || (mayRestore && !isTried) ? 'restore' : 'offer';
    });
  }

  /** Where a part of the session is to be written. @throws SplatError `io` where the disk has no room for it */
  async partPath(id: string, size: number): Promise<string> {
    await mkdir(this.current, { recursive: true });
    const { bavail, bsize } = await statfs(this.current);
    if (bavail * bsize - size < FREE_BYTES)
      throw new SplatError(
        'io',
        `What is open is not kept for after a crash: the disk has ${formatBytes(bavail * bsize)} free.`,
        'Free some space, and save your work.',
      );
    return join(this.current, `${id}.bin`);
  }

  /** Keeps a description, and of the parts those that it names. */
  keep(description: string, parts: ReadonlySet<string>): Promise<void> {
    return this.inTurn(async () => {
      if (this.isClosed) return;
      await mkdir(this.current, { recursive: true });
      await writeFileAtomically(join(this.current, DESCRIPTION), new TextEncoder().encode(description), {
        overwrite: true,
      });
      const names = (await readdir(this.current)).filter((name) => name.endsWith('.bin'));
      const old = names.filter((name) => !parts.has(name.slice(0, -'.bin'.length)));
      await Promise.all(old.map((name) => rm(join(this.current, name), { force: true })));
    });
  }

  /** What is open is to come back at the next start, whatever that is asked for. */
  want(): Promise<void> {
    return this.inTurn(async () => {
      if (!this.isClosed) await writeFile(this.wanted, '');
    });
  }

  /** What was left; undefined where there is nothing. Until `holds` is called, it counts as tried. */
  readLeft(): Promise<ReadSession | undefined> {
    return this.inTurn(async () => {
      const file = join(this.left, DESCRIPTION);
      if (!existsSync(file)) return undefined;
      // Before anything that may end the process.
      writeFileSync(this.tried, '');
      rmSync(this.wanted, { force: true });
      const names = (await readdir(this.left)).filter((name) => name.endsWith('.bin'));
      const parts = names.map(async (name) => {
        const path = join(this.left, name);
        return { id: name.slice(0, -'.bin'.length), path, size: (await stat(path)).size };
      });
      return { description: await readFile(file, 'utf8'), folder: this.left, parts: await Promise.all(parts) };
    });
  }

  dropLeft(): Promise<void> {
    return this.inTurn(() => rm(this.left, { recursive: true, force: true }));
  }

  /** The app has lived on with what it restored: the next session is restored without a question. */
  holds(): void {
    rmSync(this.tried, { force: true });
  }

  /** Nothing is left that a person could miss: the app ends as it should. */
  drop(): Promise<void> {
    this.isClosed = true;
    return this.inTurn(async () => {
      await rm(this.current, { recursive: true, force: true });
      rmSync(this.tried, { force: true });
      rmSync(this.wanted, { force: true });
    });
  }

  private inTurn<T>(body: () => Promise<T>): Promise<T> {
    const turn = this.work.then(body);
    this.work = turn.catch(() => undefined);
    return turn;
  }
}
