// Ends the programs of a script that is gone without ending them itself, as after SIGKILL. The script writes "+PID" for
// each program it starts and "-PID" for each that ended; when its end of the pipe closes, what is left goes, the
// youngest first, so that a program can still close its window before its display goes.
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { GRACE_MS } from './grace.mjs';

const POLL_MS = 50;
const pids = new Set();

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
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) pids.add(pid);
  else pids.delete(pid);
}
for (const pid of [...pids].reverse()) await end(pid);
