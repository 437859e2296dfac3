import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from './app.ts';
import { processTree, survivors } from './process-tree.ts';
import type { RunningProcess } from './process-tree.ts';

const SAMPLE = join(ROOT, 'test/data/scenes/sample.ply');
const HAS_VIRTUAL_DISPLAY = existsSync('/usr/bin/Xvfb');
const GONE_MS = 15_000;

test.skip(process.platform !== 'linux', 'Processes are listed by /proc');

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-signals-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts a program by itself, with a virtual display of its own where there can be one. */
function start(command: string, ...args: string[]): ChildProcess {
  const env = { ...process.env };
  if (HAS_VIRTUAL_DISPLAY) delete env['DISPLAY'];
  delete env['SPLATFORMER_ELECTRON'];
  return spawn(command, args, { cwd: ROOT, env, stdio: 'ignore', detached: true });
}

function startApp(command: string, ...args: string[]): ChildProcess {
  return start(command, ...args, '--graphics=software', `--user-data-dir=${join(folder, 'user-data')}`);
}

function startVideo(): ChildProcess {
  const film = ['--turntable', '--seconds', '60', '--size', '1280x720', '--out', join(folder, 'film.mp4')];
  return start(process.execPath, 'scripts/cli.mjs', 'video', SAMPLE, ...film);
}

/** What a program started, once its page is there. */
async function treeOf(program: ChildProcess): Promise<readonly RunningProcess[]> {
  let tree: readonly RunningProcess[] = [];
  const hasPage = (): boolean => {
    tree = processTree(program.pid ?? NaN);
    return tree.some(({ command }) => command.includes('--type=renderer'));
  };
  await expect.poll(hasPage, { timeout: 60_000 }).toBe(true);
  expect(tree.some(({ command }) => command.startsWith('Xvfb'))).toBe(HAS_VIRTUAL_DISPLAY);
  return tree;
}

/** Sends a signal to one process and waits for the end of all. Resolves with the exit code of the program. */
async function endAll(
  program: ChildProcess,
  tree: readonly RunningProcess[],
  signal: NodeJS.Signals,
  target = program.pid ?? NaN,
): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => program.on('exit', resolve));
  try {
    process.kill(target, signal);
    await expect.poll(() => survivors(tree).map(({ command }) => command), { timeout: GONE_MS }).toEqual([]);
    return await ended;
  } finally {
    for (const { pid } of survivors(tree)) process.kill(pid, 'SIGKILL');
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`the launcher ended by ${signal} takes the app and the display along`, async () => {
    const launcher = startApp(process.execPath, 'scripts/start.mjs');
    const tree = await treeOf(launcher);
    expect(await endAll(launcher, tree, signal)).toBe(128 + constants.signals[signal]);
  });
}

test('the killed launcher takes the app and the display along', async () => {
  const launcher = startApp(process.execPath, 'scripts/start.mjs');
  await endAll(launcher, await treeOf(launcher), 'SIGKILL');
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
  test(`npm start ended by ${signal} takes the app and the display along`, async () => {
    const npm = startApp('npm', 'start', '--silent', '--');
    await endAll(npm, await treeOf(npm), signal);
  });
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`the command line ended by ${signal} takes the hidden app and the display along`, async () => {
    const launcher = startVideo();
    const tree = await treeOf(launcher);
    const code = await endAll(launcher, tree, signal);
    expect(code).toBe(signal === 'SIGTERM' ? 143 : null);
    expect(await readdir(folder)).toEqual([]);
  });
}

test('the hidden app does not outlive a command that was killed', async () => {
  const launcher = startVideo();
  const tree = await treeOf(launcher);
  const command = tree.find((entry) => entry.command.includes('dist/cli/cli.js'));
  expect(await endAll(launcher, tree, 'SIGKILL', command?.pid)).toBe(137);
  expect(await readdir(folder)).toEqual([]);
});

test('the driver of faults ended by SIGTERM takes its app, its display and its folder along', async () => {
  const driver = start('env', `TMPDIR=${folder}`, process.execPath, 'test/faults/run.mjs', '--tries', '1', 'of video');
  const tree = await treeOf(driver);
  expect(await endAll(driver, tree, 'SIGTERM')).toBe(143);
  expect(await readdir(folder)).toEqual([]);
});

test('a command whose output nobody reads ends without a complaint', async () => {
  const cli = spawn(process.execPath, [join(ROOT, 'dist/cli/cli.js'), 'info', SAMPLE], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cli.stdout.destroy();
  let complaint = '';
  cli.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  expect(await new Promise((resolve) => cli.on('close', resolve))).toBe(128 + constants.signals.SIGPIPE);
  expect(complaint).toBe('');
});
