// Notices the end of the npm that started this script: npm passes few signals on, and those only to its shell.
import { readFileSync } from 'node:fs';

const POLL_MS = 500;

/**
 * Calls `onEnd` when npm or its shell is gone. A script that was started without npm may outlive its starter, as every
 * program may.
 */
export function watchStarter(onEnd) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const line = lineOfStarters();
  const timer = setInterval(() => {
    if (lineOfStarters().join() === line.join()) return;
    clearInterval(timer);
    onEnd();
  }, POLL_MS);
  timer.unref();
}

/** The parent and, where that is npm's shell, its parent. Only Linux tells the latter without another program. */
function lineOfStarters() {
  const parent = process.ppid;
  if (process.platform !== 'linux') return [parent];
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8'));
    return name.endsWith('sh') ? [parent, rest.split(' ')[1]] : [parent];
  } catch {
    return [parent];
  }
}
