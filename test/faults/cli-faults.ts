import { copyFile, mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli-run.ts';
import type { CliRun, CliRunOptions } from '../cli-run.ts';
import { processTree, survivors } from '../e2e/process-tree.ts';
import type { RunningProcess } from '../e2e/process-tree.ts';
import { dataPath } from '../test-data.ts';
import type { Fault, FaultContext } from './fault.ts';
import { pause, until } from '../e2e/until.ts';
import { withMount } from './mounts.ts';
import { countWhole, digest, expectNoLeftovers } from './whole.ts';

const SCENE = dataPath('scenes/plant.splat');

/** Each command, with the outputs in `out`. */
const COMMANDS: Readonly<Record<string, (model: string, out: string) => string[]>> = {
  info: () => ['info', SCENE],
  'convert to PLY': (_model, out) => ['convert', SCENE, join(out, 'a.ply')],
  'convert to SPZ': (_model, out) => ['convert', SCENE, join(out, 'a.spz')],
  refine: (model, out) => ['refine', SCENE, '--out-dir', out, '--model', model, '--device', 'cpu'],
  video: (_model, out) => [
    ...['video', SCENE, '--turntable', '--seconds', '2', '--size', '320x180', '--out', join(out, 'a.mp4')],
  ],
};

interface Ended extends CliRun {
  /** All that it started, and itself. */
  readonly tree: readonly RunningProcess[];
}

/** Runs a command; `disturb` is called at the beginning and may do something to it. Resolves when it has ended. */
async function run(args: readonly string[], disturb?: CliRunOptions['disturb']): Promise<Ended> {
  const seen = new Map<number, RunningProcess>();
  const look = (pid: number): void => {
    for (const one of processTree(pid)) seen.set(one.pid, one);
  };
  const watch = { everyMs: 100, look };
  const ended = await runCli(args, disturb === undefined ? { watch } : { watch, disturb });
  return { ...ended, tree: [...seen.values()] };
}

async function expectGone({ tree }: Ended): Promise<void> {
  await until('processes are left', () => (survivors(tree).length === 0 ? true : undefined), 20);
}

const usual = new Map<string, Promise<number>>();

/** How long a command takes where nothing disturbs it. */
function secondsOf(name: string, { folder, model }: FaultContext): Promise<number> {
  const known = usual.get(name) ?? measure(name, join(folder, 'undisturbed'), model);
  usual.set(name, known);
  // One that failed is asked for again.
  known.catch(() => usual.delete(name));
  return known;
}

async function measure(name: string, out: string, model: string): Promise<number> {
  await mkdir(out);
  const { code, seconds, output } = await run(COMMANDS[name](model, out));
  if (code !== 0) throw new Error(`${name} fails undisturbed with ${code}: ${output}`);
  return seconds;
}

function signalled(name: string, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Fault {
  return {
    name: `${signal} at any moment of ${name}`,
    attempt: async (context) => {
      const { folder, model, random } = context;
      const moment = random() * (await secondsOf(name, context)) * 1000;
      const before = digest(SCENE);
      const out = join(folder, 'out');
      await mkdir(out);
      const ended = await run(COMMANDS[name](model, out), async (pid) => {
        await pause(moment);
        try {
          process.kill(pid, signal);
        } catch {
          // It had ended already.
        }
      });
      await expectGone(ended);
      const files = await countWhole(out);
      if (digest(SCENE) !== before) throw new Error('The input changed.');
      if (signal !== 'SIGKILL') {
        expectNoLeftovers(out);
        const code = ended.code ?? 128 + (ended.signal === null ? 0 : constants.signals[ended.signal]);
        if (code !== 0 && code !== 128 + constants.signals[signal])
          throw new Error(`Exit code ${code}: ${ended.output}`);
        return code === 0 ? 'done before' : files === 0 ? 'ended, nothing written' : 'ended, whole';
      }
      // What the killed one left goes with the next.
      const again = await run(COMMANDS[name](model, out));
      if (again.code !== 0 && !again.output.includes('already')) throw new Error(`Afterwards: ${again.output}`);
      return files === 0 ? 'ended, nothing written' : 'whole';
    },
  };
}

function withoutReader(name: string): Fault {
  return {
    name: `standard output closed at any moment of ${name}`,
    attempt: async (context) => {
      const { folder, model, random } = context;
      const moment = random() * (await secondsOf(name, context)) * 1000;
      const out = join(folder, 'out');
      await mkdir(out);
      const ended = await run(COMMANDS[name](model, out), async (_pid, closeOutput) => {
        await pause(moment);
        closeOutput();
      });
      await expectGone(ended);
      await countWhole(out);
      expectNoLeftovers(out);
      if (/\bat .*:\d+:\d+/.test(ended.output)) throw new Error(`A stack: ${ended.output}`);
      const code = ended.code ?? NaN;
      if (code !== 0 && code !== 128 + constants.signals.SIGPIPE) throw new Error(`Exit code ${code}: ${ended.output}`);
      return code === 0 ? 'done' : 'ended as by SIGPIPE';
    },
  };
}

/** Writing into a mount that refuses: named, nothing half-written. */
function refused(name: string, options: string, words: RegExp): Fault {
  return {
    name,
    attempt: ({ folder, model }) =>
      withMount(join(folder, 'mount'), options, async (out) => {
        for (const command of ['convert to PLY', 'convert to SPZ', 'refine', 'video']) {
          const { code, output } = await run(COMMANDS[command](model, out));
          if (code !== 1 || !words.test(output)) throw new Error(`${command}: exit code ${code}: ${output}`);
          if ((await countWhole(out)) > 0) throw new Error(`${command} wrote something.`);
          expectNoLeftovers(out);
        }
        return 'said, nothing written';
      }),
  };
}

const twice: Fault = {
  name: 'two command lines refine one list into one folder',
  attempt: async ({ folder, model }) => {
    const [input, out] = [join(folder, 'in'), join(folder, 'out')];
    await mkdir(input);
    for (const name of ['a', 'b', 'c', 'd']) await copyFile(dataPath('weights/sample.ply'), join(input, `${name}.ply`));
    const args = ['refine', input, '--out-dir', out, '--model', model, '--device', 'cpu', '--resume'];
    const both = await Promise.all([run(args), run(args)]);
    if (both.some(({ code }) => code !== 0 && code !== 1)) throw new Error(both.map(({ output }) => output).join());
    if ((await countWhole(out)) !== 4) throw new Error('Not every answer is there.');
    expectNoLeftovers(out);
    return 'every answer there and whole';
  },
};

const NAMES = Object.keys(COMMANDS);

export const CLI_FAULTS: readonly Fault[] = [
  ...NAMES.flatMap((name) => [signalled(name, 'SIGTERM'), signalled(name, 'SIGINT'), signalled(name, 'SIGKILL')]),
  ...NAMES.map(withoutReader),
  refused('the disk is full under the command line', 'size=4k', /full/i),
  refused('a read-only place under the command line', 'ro', /read-only/i),
  twice,
];
