import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';

/** Temporary files and folders of this process that are not yet in their place. */
const unfinished = new Set<string>();
let isListening = false;
let ownHost: string | undefined;

/**
 * The name of a temporary file of a process: `.splatformer-`, where process IDs count, the process and a random number
 * in 8 hexadecimal digits each, `.tmp`. It tells whose it is, so that only what nobody writes any more is removed, and
 * has one length, so that every name that fits can be written.
 */
export function temporaryName(pid: number = process.pid): string {
  return `.splatformer-${hostTag()}-${inHex(pid)}-${randomBytes(4).toString('hex')}.tmp`;
}

/** Those of a folder's names that processes of this machine left which are gone; of other machines nobody can tell. */
export function leftoversIn(names: readonly string[]): string[] {
  return names.filter((name) => {
    const match = /^\.splatformer-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{8}\.tmp$/.exec(name);
    return match !== null && match[1] === hostTag() && !isRunning(Number.parseInt(match[2], 16));
  });
}

/** Has the end of this process remove a file or folder, however it ends but by a kill. Call before it is made. */
export function markUnfinished(path: string): void {
  unfinished.add(path);
  if (isListening) return;
  isListening = true;
  process.on('exit', removeUnfinished);
}

/** The file is in its place, or gone. */
export function markFinished(path: string): void {
  unfinished.delete(path);
}

function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The next one to write into the folder tries again.
    }
  }
}

/** Machines that share a folder, and containers of one machine, number their processes apart. */
function hostTag(): string {
  ownHost ??= createHash('sha256').update(`${hostname()}\0${processNamespace()}`).digest('hex').slice(0, 8);
  return ownHost;
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function inHex(id: number): string {
  return id.toString(16).padStart(8, '0');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another person's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
