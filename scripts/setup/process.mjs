// What every script needs: where the project is, how to talk to the person, what to say when something can't go on.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A failure the person at the terminal can act on; printed without a stack. */
export class SetUpError extends Error {}

/** Set-up talks on standard error, so that a command's own standard output stays clean. */
export function say(line) {
  process.stderr.write(`[set-up] ${line}\n`);
}

/** Whether the module of this address is the script that Node was asked to run. */
export function isEntry(address) {
  return process.argv[1] !== undefined && address === pathToFileURL(process.argv[1]).href;
}

/** Whether this process runs as the superuser (never on Windows). */
export function isRoot() {
  return typeof process.getuid === 'function' && process.getuid() === 0;
}
