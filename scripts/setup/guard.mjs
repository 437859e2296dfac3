// Ends the programs of a script that is gone without ending them itself, as after SIGKILL. The script writes "+PID" for
// each program it starts, "+PID :N" for one that serves the display :N, and "-PID" for each that ended. When its end of
// the pipe closes, what is left goes, the youngest first, and a display once nobody is on it: a program without its
// display ends before it has cleaned up.
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { whenUnused } from './display-clients.mjs';
import { GRACE_MS } from './grace.mjs';

const POLL_MS = 50;
/** The programs in the order of their start, each with the display that it serves, if it does. */
const programs = new Map();

function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function end(pid) {
  const untilMs = performance.now() + GRACE_MS;
  if (!send(pid, 'SIGTERM')) return;
  while (performance.now() < untilMs) {
    if (!send(pid, 0)) return;
    await wait(POLL_MS);
  }
  send(pid, 'SIGKILL');
}

for await (const line of createInterface({ input: process.stdin })) {
  const [pid, display] = line.slice(1).split(' ');
  if (line.startsWith('+')) programs.set(pid, display);
  else programs.delete(pid);
}
for (const [pid, display] of [...programs].reverse()) {
  if (display !== undefined) await whenUnused(display);
  await end(Number(pid));
}
