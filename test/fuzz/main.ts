import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { attack, inputAt } from './attack.ts';
import { keep, recall } from './corpus.ts';
import { MOST_BYTES, runProcess } from './process.ts';
import type { Run } from './process.ts';
import { added, Counts, inputsOf, NOTHING } from './sums.ts';
import type { Sums } from './sums.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'test-results/fuzz');
/** Different failures of a target that are kept; more are the same one in other words. */
const MOST_KEPT = 20;
/** So often, in seconds, sums are put down: what a run that is ended has done is not lost. */
const KEPT_EVERY_S = 240;

interface Options {
  readonly runSeed: number;
  readonly seconds: number;
  /** Which inputs of the run: from the first one on, this many. */
  readonly first: number;
  readonly inputs: number;
}

/** @returns the exit code: 1 where an input failed */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      minutes: { type: 'string' },
      inputs: { type: 'string' },
      seed: { type: 'string' },
      replay: { type: 'string' },
      counts: { type: 'string' },
    },
  });
  if (values.replay !== undefined) return replay(values.replay);
  const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0) {
    say(`There is no target ${unknown.join(', ')}. Targets: ${TARGETS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const targets = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const seed = Number(values.seed ?? Date.now() % 1e9);
  const inputs = Number(values.inputs ?? 1e9);
  const minutes = Number(values.minutes ?? (values.inputs === undefined ? 1 : 1e6));
  if (!(minutes > 0 && inputs > 0 && Number.isInteger(seed))) {
    say('--minutes and --inputs take a number above zero, --seed a whole one.');
    return 2;
  }
  const counts = values.counts === undefined ? undefined : Counts.read(values.counts, seed);
  const runSeed = counts?.seed ?? seed;
  say(`Seed ${runSeed}. The same inputs again: --seed ${runSeed}`);
  say('| target | inputs | accepted | refused by name | failures | slowest (CPU) | largest memory |');
  say('|---|---|---|---|---|---|---|');
  const end = performance.now() + minutes * 60_000;
  let failed = 0;
  for (const [at, target] of targets.entries()) {
    const seconds = (end - performance.now()) / 1000 / (targets.length - at);
    const before = counts?.of(target.name) ?? NOTHING;
    const left = inputs - inputsOf(before);
    const onSums = (sums: Sums): void => counts?.keep(target.name, sums);
    const found =
      left > 0 ? await attackTarget(target, { runSeed, first: before.next, inputs: left, seconds }, onSums) : NOTHING;
    failed += found.failures;
    say(rowOf(target.name, added(before, found)));
  }
  return failed > 0 ? 1 : 0;
}

/**
 * Attacks one target, in as many processes as that takes.
 * @param onSums hears now and then what the inputs since the last time came to
 */
async function attackTarget(
  target: Target,
  { runSeed, seconds, first, inputs }: Options,
  onSums: (sums: Sums) => void,
): Promise<Sums> {
  const end = performance.now() + seconds * 1000;
  const seeds = await target.seeds();
  let sums: Sums = { ...NOTHING, next: first };
  const failures = new Map<string, number>();
  const note = (index: number, what: string): void => {
    const kind = what.replaceAll(/\d+/g, '#').slice(0, 160);
    const known = failures.get(kind);
    if (known === undefined && failures.size < MOST_KEPT) {
      const path = keep(FOLDER, target.name, inputAt(seeds, runSeed, target.name, index));
      process.stderr.write(`${target.name} #${index}: ${what}\n  ${relative(ROOT, path)}\n`);
    }
    if (known !== undefined || failures.size < MOST_KEPT) failures.set(kind, (known ?? 0) + 1);
  };
  while (sums.next < first + inputs) {
    const left = (end - performance.now()) / 1000;
    if (left <= 0) break;
    const { name } = target;
    const rest = first + inputs - sums.next;
    const task = { target: name, runSeed, first: sums.next, seconds: Math.min(left, KEPT_EVERY_S), inputs: rest };
    const run = await runProcess(task);
    const kinds = failures.size;
    for (const { index, what } of run.failures) note(index, what);
    for (const index of suspectsOf(run)) {
      // In a process of its own nothing but this input is to blame.
      const alone = await runProcess({ ...task, first: index, inputs: 1, seconds: 60 });
      const what =
        alone.broken?.what ?? (alone.largest.cost > MOST_BYTES ? `took ${megabytes(alone.largest.cost)}` : '');
      if (what !== '') note(index, what);
    }
    const more = sumsOf(run, sums.next, failures.size - kinds);
    onSums(more);
    sums = added(sums, more);
    if (inputsOf(more) === 0) break;
  }
  return sums;
}

/** What the inputs of a process came to; one that hung or died counts as failed. */
function sumsOf(run: Run, first: number, failures: number): Sums {
  const { outcomes, slowest, largest, broken } = run;
  const sums = { ...NOTHING, outcomes, failures, slowest, largest: largest.index < 0 ? NOTHING.largest : largest };
  if (broken === undefined) return { ...sums, next: first + inputsOf(sums) };
  return added({ ...sums, next: broken.index + 1 }, { ...NOTHING, outcomes: { failure: 1 } });
}

function rowOf(name: string, sums: Sums): string {
  const { accepted = 0, failure = 0, ...named } = sums.outcomes;
  const refused = Object.values(named).reduce((sum, count) => sum + count, 0);
  const { slowest, largest } = sums;
  return (
    `| ${name} | ${accepted + refused + failure} | ${accepted} | ${refused} (${wordsOf(named)}) | ` +
    `${sums.failures} | ${slowest.cost.toFixed(0)} ms (#${slowest.index}) | ` +
    `${megabytes(largest.cost)} (#${largest.index}) |`
  );
}

/** Inputs that may have hung, died or taken too much. */
function suspectsOf({ broken, largest }: Run): number[] {
  const swollen = largest.cost > MOST_BYTES && largest.index >= 0 ? [largest.index] : [];
  return [...new Set([...(broken === undefined ? [] : [broken.index]), ...swollen])];
}

function wordsOf(codes: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(codes).sort(([, a], [, b]) => b - a);
  return sorted.map(([code, count]) => `${code} ${count}`).join(', ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** Reads a kept input in this process and says how that ended. */
async function replay(path: string): Promise<number> {
  const input = await recall(path);
  const from = performance.now();
  const outcome = await attack(input);
  const memory = megabytes(process.resourceUsage().maxRSS * 1024);
  say(`${JSON.stringify(outcome)} ${(performance.now() - from).toFixed(0)} ms, ${memory}`);
  return outcome.kind === 'failure' ? 1 : 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
