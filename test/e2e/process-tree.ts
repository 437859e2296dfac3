import { readFileSync, readdirSync } from 'node:fs';

/** A process of this machine; its number alone may be given to another one later. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since the machine's start. */
  readonly startTicks: string;
  readonly command: string;
}

/** A process and everything that it started, directly or not. Linux only. */
export function processTree(root: number): readonly RunningProcess[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
  const pids = new Set([root]);
  for (let size = 0; size !== pids.size;) {
    size = pids.size;
    for (const { pid, parent } of processes) if (pids.has(parent)) pids.add(pid);
  }
  return processes.filter(({ pid }) => pids.has(pid));
}

/** Those of the processes that still run. */
export function survivors(processes: readonly RunningProcess[]): readonly RunningProcess[] {
  return processes.filter(({ pid, startTicks }) => readProcess(pid)?.startTicks === startTicks);
}

/** Undefined where there is no such process, or only its exit code is left of it. */
function readProcess(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return fields[0] === 'Z' ? undefined : { pid, parent: Number(fields[1]), startTicks: fields[19], command };
  } catch {
    return undefined;
  }
}
