import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { processTree } from './e2e/process-tree.ts';

/** What goes by itself, after the programs that need it: the display, and the guard that watches over both. */
const ENDS_ITSELF = /^Xvfb|guard\.mjs/;

/**
 * Runs a program beside the tests in a folder of its own, which is where everything that it starts has its temporary
 * files. A signal ends what it started, unmounts what it mounted and removes the folder, like its own end.
 * @param name stands in the folder's name
 */
export async function withScratch<T>(name: string, body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `splatformer-${name}-`));
  process.env['TMPDIR'] = folder;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      endAllBelow();
      clear(folder);
      process.exit(128 + constants.signals[signal]);
    });
  try {
    return await body(folder);
  } finally {
    clear(folder);
  }
}

function endAllBelow(): void {
  for (const { pid, command } of processTree(process.pid)) {
    if (pid === process.pid || ENDS_ITSELF.test(command)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had ended already.
    }
  }
}

function clear(folder: string): void {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ').at(1) ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of mounts) execFileSync('umount', ['-l', place]);
  // What was just killed may be about to write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
