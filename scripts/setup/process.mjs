// Small helpers for running other programs from the set-up and start scripts.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A failure the person at the terminal can act on; printed without a stack. */
export class SetUpError extends Error {}

/** Set-up talks on standard error, so that a command's own standard output stays clean. */
export function say(line) {
  process.stderr.write(`[set-up] ${line}\n`);
}

/**
 * Runs a program to its end and returns its exit status (null when it could not run or ran past `timeoutMs`).
 * Its output goes to our standard error.
 */
export function runSync(command, args, { cwd = ROOT, env = process.env, timeoutMs } = {}) {
  const { status } = spawnSync(command, args, {
    cwd,
    env,
    timeout: timeoutMs,
    stdio: ['ignore', 2, 2],
    shell: needsShell(command),
  });
  return status;
}

/**
 * Runs a program attached to this terminal; resolves with its exit code, and passes Ctrl-C and termination on to it.
 */
export function runAttached(command, args, { cwd = ROOT, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit', shell: needsShell(command) });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(signal === null ? (code ?? 1) : 1);
    });
  });
}

/** npm and npx are .cmd files on Windows, which Node only starts through a shell. */
function needsShell(command) {
  return process.platform === 'win32' && /^np[mx]$/.test(command);
}

/** Whether this process runs as the superuser (never on Windows). */
export function isRoot() {
  return typeof process.getuid === 'function' && process.getuid() === 0;
}
