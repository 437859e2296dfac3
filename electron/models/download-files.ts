import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { moveIntoPlace, writeFileAtomically } from '../../renderer/io/node-write.ts';

/** A file being filled from some place on. */
export interface PartWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written durable and closes the file. */
  finish(): Promise<void>;
}

/** What a download does with the disk; tests put faults in here. */
export interface DownloadFiles {
  /** Size in bytes, undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  readText(path: string): Promise<string | undefined>;
  /** Replaces a small file as a whole. */
  writeText(path: string, text: string): Promise<void>;
  /** Opens a file (made where missing, its folder too) cut to `length` bytes, to write on from there. */
  openAt(path: string, length: number): Promise<PartWriter>;
  sha256(path: string, onBytes: (bytes: number) => void, signal: AbortSignal | undefined): Promise<string>;
  /** Gives a complete file its final name, durably. */
  moveIntoPlace(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Bytes that are free where `path` would lie. */
  freeBytes(path: string): Promise<number>;
}

export const nodeDownloadFiles: DownloadFiles = {
  size: async (path) => {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  readText: async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  writeText: (path, text) => writeFileAtomically(path, new TextEncoder().encode(text), { overwrite: true }),
  openAt: async (path, length) => {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    try {
      await file.truncate(length);
    } catch (error) {
      await file.close();
      throw error;
    }
    return {
      write: async (bytes) => {
        await file.writeFile(bytes);
      },
      finish: async () => {
        try {
          await file.sync();
        } finally {
          await file.close();
        }
      },
    };
  },
  sha256: async (path, onBytes, signal) => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, {
      highWaterMark: 4 << 20,
      ...(signal === undefined ? {} : { signal }),
    })) {
      hash.update(chunk as Buffer);
      onBytes((chunk as Buffer).length);
    }
    return hash.digest('hex');
  },
  moveIntoPlace,
  remove: (path) => rm(path, { force: true }),
  freeBytes: async (path) => {
    await mkdir(dirname(path), { recursive: true });
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize;
  },
};

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
