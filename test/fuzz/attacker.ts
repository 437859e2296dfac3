import { openSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { attack, inputAt } from './attack.ts';
import { TARGETS } from './targets.ts';
import type { Seed } from './target.ts';

/** What an attacking process is told to do. */
export interface Task {
  readonly target: string;
  readonly runSeed: number;
  readonly first: number;
  /** Inputs at most. */
  readonly inputs: number;
  readonly seconds: number;
  /** Where it writes which input it is at, and since when, so that this is known when it hangs or dies. */
  readonly place: string;
}

/** What it found, since the last report. */
export interface Report {
  /** Inputs by outcome: `accepted` or an error's code. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly index: number; readonly what: string }[];
  readonly slowest: Costly;
  /** Largest memory of this process so far, and the input that made it so large. */
  readonly largest: Costly;
}

export interface Costly {
  readonly index: number;
  /** Milliseconds or bytes. */
  readonly cost: number;
}

/** Where it is: an input's index, since when (ms), and the CPU time until then (ms), as doubles. */
export const PLACE_BYTES = 24;
const REPORT_EVERY_MS = 200;
/** Beyond this a process would be judged by the garbage of inputs before: it ends, and another goes on. */
export const FULL_BYTES = 0.8e9;

/** Reads inputs until the task is done, one after the other, reporting to the process that started this one. */
export async function main(task: Task): Promise<void> {
  const target = TARGETS.find(({ name }) => name === task.target);
  if (target === undefined) throw new Error(`no target ${task.target}`);
  const seeds = await target.seeds();
  await warmUp(seeds);
  const tally = new Tally();
  const place = openSync(task.place, 'w');
  const began = performance.now();
  let reported = began;
  for (let index = task.first; index < task.first + task.inputs; index++) {
    const input = inputAt(seeds, task.runSeed, task.target, index);
    const from = cpuMilliseconds();
    if (performance.now() - began > task.seconds * 1000) break;
    writeSync(place, Float64Array.of(index, Date.now(), from), 0, PLACE_BYTES, 0);
    const outcome = await attack(input);
    const cost = cpuMilliseconds() - from;
    tally.add(index, outcome.kind === 'failure' ? outcome : { what: undefined, kind: codeOf(outcome) }, cost);
    if (process.memoryUsage.rss() > FULL_BYTES) break;
    const now = performance.now();
    if (now - reported > REPORT_EVERY_MS) {
      reported = now;
      await send(tally.take());
      // What was left unawaited by a reader must get its turn to fail.
      await setImmediate();
    }
  }
  await send(tally.take());
}

/** What this process has computed so far: a busy machine makes nothing slow by it. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Sound files first: what a library loads once is not laid to the first damaged file. */
async function warmUp(seeds: readonly Seed[]): Promise<void> {
  for (const seed of seeds) await attack({ seed, bytes: seed.bytes });
}

function codeOf(outcome: { readonly kind: string; readonly code?: string }): string {
  return outcome.code ?? outcome.kind;
}

class Tally {
  private outcomes: Record<string, number> = {};
  private failures: { index: number; what: string }[] = [];
  private slowest: Costly = { index: -1, cost: 0 };
  private largest: Costly = { index: -1, cost: peakBytes() };

  add(index: number, { kind, what }: { kind: string; what: string | undefined }, milliseconds: number): void {
    this.outcomes[kind] = (this.outcomes[kind] ?? 0) + 1;
    if (what !== undefined) this.failures.push({ index, what });
    if (milliseconds > this.slowest.cost) this.slowest = { index, cost: milliseconds };
    const bytes = peakBytes();
    if (bytes > this.largest.cost) this.largest = { index, cost: bytes };
  }

  take(): Report {
    const { outcomes, failures, slowest, largest } = this;
    this.outcomes = {};
    this.failures = [];
    return { outcomes, failures, slowest, largest };
  }
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function send(report: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new Error('this process is started by main.ts');
    process.send(report, () => resolve());
  });
}
