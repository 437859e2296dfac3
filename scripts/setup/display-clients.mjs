// Programs on a virtual display. Losing its display ends a program at once, whatever it was about to clean up.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { GRACE_MS } from './grace.mjs';

const POLL_MS = 50;
/** A program that was not asked to end learns that its starter is gone, and may then take as long as any other. */
const LONGEST_WAIT_MS = 2 * GRACE_MS;

/** Resolves once no program is connected to the display `:N`, or when those that are have had their time. */
export async function whenUnused(display) {
  const untilMs = performance.now() + LONGEST_WAIT_MS;
  while (hasClients(display) && performance.now() < untilMs) await wait(POLL_MS);
}

/** Whether a program is connected to the display. Where the system does not tell, there is none. */
export function hasClients(display) {
  let sockets;
  try {
    sockets = readFileSync('/proc/net/unix', 'utf8');
  } catch {
    return false;
  }
  // The server's end of a connection bears the name of its socket; state 03 is connected.
  return sockets.split('\n').some((line) => {
    const [, , , , , state, , path] = line.trim().split(/\s+/);
    return state === '03' && path?.replace(/^@/, '') === `/tmp/.X11-unix/X${display.slice(1)}`;
  });
}
