import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';

/** Mounts a small file system in memory at `folder` for as long as `body` runs. Needs root on Linux. */
export async function withMount<T>(folder: string, options: string, body: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  try {
    return await body(folder);
  } finally {
    execFileSync('umount', ['-l', folder]);
  }
}
