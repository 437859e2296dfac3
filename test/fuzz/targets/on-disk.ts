import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Seed } from '../target.ts';

/** Files in memory where the system has a place for them: a disk would be what is measured. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Where a process has the files that its readers open by path; whoever started it removes them. */
export function folderOf(pid: number): string {
  return join(PLACE, `splatformer-fuzz-${pid}`);
}

/** A seed for what reads by path: its damaged copy is written over the one before. */
export function onDisk(name: string, bytes: Uint8Array, read: (path: string) => unknown): Seed {
  return {
    name,
    bytes,
    read: async (damaged) => {
      const file = join(madeFolder(), name);
      writeFileSync(file, damaged);
      await read(file);
    },
  };
}

let isMade = false;

function madeFolder(): string {
  const folder = folderOf(process.pid);
  if (!isMade) {
    mkdirSync(folder, { recursive: true });
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    isMade = true;
  }
  return folder;
}
