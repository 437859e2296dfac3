import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { attack, inputAt } from './attack.ts';
import { keep, recall } from './corpus.ts';
import { MOST_BYTES, runProcess } from './process.ts';
import type { Run } from './process.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'test-results/fuzz');
/** Different failures of a target that are kept; more are the same one in other words. */
const MOST_KEPT = 20;

interface Options {
  readonly runSeed: number;
  /** For each target. */
  readonly seconds: number;
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
    },
  });
  if (values.replay !== undefined) return replay(values.replay);
  const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0) {
    say(`There is no target ${unknown.join(', ')}. Targets: ${TARGETS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const targets = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const runSeed = Number(values.seed ?? Date.now() % 1e9);
  const inputs = Number(values.inputs ?? 1e9);
  const minutes = Number(values.minutes ?? (values.inputs === undefined ? 1 : 1e6));
  if (!(minutes > 0 && inputs > 0 && Number.isInteger(runSeed))) {
    say('--minutes and --inputs take a number above zero, --seed a whole one.');
    return 2;
  }
  say(`Seed ${runSeed}. The same inputs again: --seed ${runSeed}`);
  say('| target | inputs | accepted | refused by name | failures | slowest (CPU) | largest memory |');
  say('|---|---|---|---|---|---|---|');
  let failed = 0;
  for (const target of targets)
    failed += await runTarget(target, { runSeed, inputs, seconds: (minutes * 60) / targets.length });
  return failed > 0 ? 1 : 0;
}

/** Attacks one target, in as many processes as that takes, and prints its row. @returns failures */
async function runTarget(target: Target, { runSeed, seconds, inputs }: Options): Promise<number> {
  const end = performance.now() + seconds * 1000;
  const seeds = await target.seeds();
  const sums = { accepted: 0, refused: 0, slowest: 0, slowestAt: -1, largest: 0, largestAt: -1 };
  const codes: Record<string, number> = {};
  const failures = new Map<string, { path: string; count: number }>();
  const note = (index: number, what: string): void => {
    const kind = what.replaceAll(/\d+/g, '#').slice(0, 160);
    const known = failures.get(kind);
    if (known !== undefined) known.count++;
    else if (failures.size < MOST_KEPT) {
      const path = keep(FOLDER, target.name, inputAt(seeds, runSeed, target.name, index));
      failures.set(kind, { path, count: 1 });
      process.stderr.write(`${target.name} #${index}: ${what}\n  ${relative(ROOT, path)}\n`);
    }
  };
  for (let next = 0; next < inputs;) {
    const left = (end - performance.now()) / 1000;
    if (left <= 0) break;
    const task = { target: target.name, runSeed, first: next, seconds: left, inputs: inputs - next };
    const run = await runProcess(task);
    const done = Object.values(run.outcomes).reduce((sum, count) => sum + count, 0);
    for (const [code, count] of Object.entries(run.outcomes)) codes[code] = (codes[code] ?? 0) + count;
    for (const { index, what } of run.failures) note(index, what);
    if (run.slowest.cost > sums.slowest) [sums.slowest, sums.slowestAt] = [run.slowest.cost, run.slowest.index];
    for (const index of suspectsOf(run)) {
      // In a process of its own nothing but this input is to blame.
      const alone = await runProcess({ ...task, first: index, inputs: 1, seconds: 60 });
      const what =
        alone.broken?.what ?? (alone.largest.cost > MOST_BYTES ? `took ${megabytes(alone.largest.cost)}` : '');
      if (what !== '') note(index, what);
    }
    if (run.largest.cost > sums.largest && run.largest.index >= 0)
      [sums.largest, sums.largestAt] = [run.largest.cost, run.largest.index];
    if (run.broken === undefined && done === 0) break;
    next = run.broken === undefined ? next + done : run.broken.index + 1;
  }
  const { accepted = 0, failure = 0, ...named } = codes;
  const refused = Object.values(named).reduce((sum, count) => sum + count, 0);
  say(
    `| ${target.name} | ${accepted + refused + failure} | ${accepted} | ${refused} (${wordsOf(named)}) | ` +
      `${failures.size} | ${sums.slowest.toFixed(0)} ms (#${sums.slowestAt}) | ` +
      `${megabytes(sums.largest)} (#${sums.largestAt}) |`,
  );
  return failures.size;
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
