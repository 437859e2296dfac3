import { fork } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLACE_BYTES } from './attacker.ts';
import type { Costly, Report, Task } from './attacker.ts';
import { folderOf } from './targets/on-disk.ts';

/** What an input may cost in a process of its own: seconds of computing, bytes. */
export const MOST_SECONDS = 10;
export const MOST_BYTES = 1e9;
/** What ends a process at once, before it takes the machine along. */
const ENDED_AT_BYTES = 4e9;
/** Whoever waits this long by the clock waits for nothing. */
const MOST_CLOCK_SECONDS = 120;
const LOOKED_AT_EVERY_MS = 100;

/** How a process ended, and what it had found until then. */
export interface Run {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: Report['failures'];
  readonly slowest: Costly;
  readonly largest: Costly;
  /** The input at which it hung, died or swelled, and how. */
  readonly broken?: { readonly index: number; readonly what: string };
}

/** Reads inputs in a process of its own, and ends it when one takes too long or too much. */
export async function runProcess(task: Omit<Task, 'place'>): Promise<Run> {
  const place = join(tmpdir(), `splatformer-fuzz-${process.pid}-${task.target}`);
  const child = fork(join(import.meta.dirname, 'attacker.mjs'), [JSON.stringify({ ...task, place })], {
    execArgv: ['--max-old-space-size=3000'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const found = new Findings();
  let told = '';
  let killed: string | undefined;
  child.on('message', (report) => found.add(report as Report));
  child.stderr?.on('data', (text: Buffer) => (told = (told + text.toString('utf8')).slice(-4000)));
  const watch = setInterval(() => {
    killed ??= costOf(place, child.pid);
    if (killed !== undefined) child.kill('SIGKILL');
  }, LOOKED_AT_EVERY_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const at = placeIn(place);
  rmSync(place, { force: true });
  rmSync(folderOf(child.pid ?? NaN), { recursive: true, force: true });
  if (code === 0) return found.run();
  if (at === undefined) throw new Error(`The target ${task.target} did not start:\n${told}`);
  return found.run({ index: at.index, what: killed ?? `died (${firstLines(told) || `exit code ${code}`})` });
}

class Findings {
  private readonly outcomes: Record<string, number> = {};
  private readonly failures: Report['failures'][number][] = [];
  private slowest: Costly = { index: -1, cost: 0 };
  private largest: Costly = { index: -1, cost: 0 };

  add(report: Report): void {
    for (const [kind, count] of Object.entries(report.outcomes))
      this.outcomes[kind] = (this.outcomes[kind] ?? 0) + count;
    this.failures.push(...report.failures);
    this.slowest = report.slowest;
    this.largest = report.largest;
  }

  run(broken?: Run['broken']): Run {
    const { outcomes, failures, slowest, largest } = this;
    return { outcomes, failures, slowest, largest, ...(broken === undefined ? {} : { broken }) };
  }
}

/** What of an input's time or memory is too much by now. */
function costOf(place: string, pid: number | undefined): string | undefined {
  const at = placeIn(place);
  if (at === undefined) return undefined;
  if (cpuMilliseconds(pid) - at.cpu > MOST_SECONDS * 1000) return `took over ${MOST_SECONDS} s`;
  if (Date.now() - at.since > MOST_CLOCK_SECONDS * 1000) return `did not end within ${MOST_CLOCK_SECONDS} s`;
  const bytes = residentBytes(pid);
  return bytes > ENDED_AT_BYTES ? `took over ${ENDED_AT_BYTES / 1e9} GB` : undefined;
}

function placeIn(file: string): { readonly index: number; readonly since: number; readonly cpu: number } | undefined {
  try {
    const bytes = readFileSync(file);
    if (bytes.length < PLACE_BYTES) return undefined;
    return { index: bytes.readDoubleLE(0), since: bytes.readDoubleLE(8), cpu: bytes.readDoubleLE(16) };
  } catch {
    return undefined;
  }
}

/** What a process has computed so far; 0 where the system does not tell it, so that the clock decides. */
function cpuMilliseconds(pid: number | undefined): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    // Fields 14 and 15, in hundredths of a second; the split leaves out the first two.
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10;
  } catch {
    return 0;
  }
}

/** 0 where the system does not tell it. */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => /Error|FATAL|at /.test(line));
  return lines.slice(0, 2).join(' ').trim();
}
