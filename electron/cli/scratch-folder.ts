import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLeftovers } from '../../renderer/io/node-write.ts';
import { markFinished, markUnfinished, temporaryName } from '../../renderer/io/temporary-file.ts';

/**
 * Lends a new folder among the temporary files, for this person alone, as long as `use` takes. What commands that were
 * killed left there is removed: it may be a whole scene.
 */
export async function withScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(tmpdir(), temporaryName());
  await removeLeftovers(folder);
  markUnfinished(folder);
  try {
    await mkdir(folder, { mode: 0o700 });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    markFinished(folder);
  }
}
