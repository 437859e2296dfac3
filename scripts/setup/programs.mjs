// Starts the programs of a script. What ends the script, be it Ctrl-C, a signal, the end of npm or a kill, ends them.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { GRACE_MS } from './grace.mjs';
import { watchStarter } from './starter.mjs';
import { ROOT, SetUpError } from './process.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** The terminal and npm may both pass on one Ctrl-C; a second one this much later is a person who does not wait. */
const IMPATIENT_MS = 1000;

/** Running programs that a signal is passed on to. */
const attached = new Set();
let guardInput;
let ending;

/** The signal that ends this script, undefined while none has come. */
export function endingSignal() {
  return ending?.signal;
}

/** Exit code that a shell gives a process which a signal ended. */
export function exitCodeOf(signal) {
  return 128 + constants.signals[signal];
}

function end(signal) {
  if (ending === undefined) {
    ending = { signal, sinceMs: performance.now() };
    for (const child of attached) child.kill(signal);
    setTimeout(killAll, GRACE_MS).unref();
  } else if (performance.now() - ending.sinceMs > IMPATIENT_MS) killAll();
}

function killAll() {
  for (const child of attached) child.kill('SIGKILL');
}

/** From here on signals and the end of npm end the programs first and then the script. */
export function endWithSignals() {
  for (const signal of SIGNALS) process.on(signal, () => end(signal));
  watchStarter(() => end('SIGHUP'));
}

/**
 * Starts a program that ends with this script.
 * @param options those of node:child_process; `isBackground` is for one that others need: it leaves this terminal's
 *   signals alone and is ended by its owner, after the others
 */
export function start(command, args, { isBackground = false, ...options } = {}) {
  const child = spawn(command, args, { cwd: ROOT, detached: isBackground, ...options });
  if (child.pid === undefined) return child;
  tellGuard(`+${child.pid}\n`);
  if (!isBackground) attached.add(child);
  child.on('exit', () => {
    attached.delete(child);
    tellGuard(`-${child.pid}\n`);
  });
  return child;
}

/** Has the display of a server that was started outlive the programs on it where this script is killed. */
export function tellDisplay(server, display) {
  tellGuard(`+${server.pid} ${display}\n`);
}

/** The guard is a process of its own, out of reach of the terminal's signals, which outlives this one for a moment. */
function tellGuard(line) {
  if (guardInput === undefined) {
    const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.mjs')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
    });
    guard.on('error', () => undefined);
    guard.unref();
    guardInput = guard.stdin;
    guardInput.on('error', () => undefined);
    guardInput.unref();
  }
  guardInput.write(line);
}

/**
 * Runs a program to its end.
 * Its output goes to our standard error, so that a command's own standard output stays clean; `isAttached` gives it
 * this terminal instead.
 * @returns its exit code, 128 + n where signal n ended it; null when it could not run or ran past `timeoutMs`
 * @throws SetUpError when a signal ended this script meanwhile or before
 */
export async function run(command, args, { isAttached = false, timeoutMs, ...options } = {}) {
  assertGoesOn();
  const stdio = isAttached ? 'inherit' : ['ignore', 2, 2];
  const child = start(command, args, { stdio, shell: needsShell(command), ...options });
  let isLate = false;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => (isLate = child.kill('SIGKILL')), timeoutMs);
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', (status, signal) => resolve(signal === null ? status : exitCodeOf(signal)));
  });
  clearTimeout(timer);
  assertGoesOn();
  return isLate ? null : code;
}

function assertGoesOn() {
  if (ending !== undefined) throw new SetUpError(`Ended by ${ending.signal}.`);
}

/** npm is a .cmd file on Windows, which Node only starts through a shell. */
function needsShell(command) {
  return process.platform === 'win32' && command === 'npm';
}

/** Runs the command line of a node module, as `npx` would. */
export function runModule(path, args, options) {
  return run(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);
}
