import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { convert } from '../../../../electron/cli/convert.ts';
import { info } from '../../../../electron/cli/info.ts';
import { render } from '../../../../electron/cli/render.ts';
import { runInApp } from '../../../../electron/cli/run-in-app.ts';
import { terminal } from '../../../../electron/cli/terminal.ts';
import { video } from '../../../../electron/cli/video.ts';
import type { RenderJob } from '../../../../renderer/bridge/jobs.ts';

const SAMPLE = join(import.meta.dirname, '../../../../test/data/scenes/sample.ply');
let folder = '';
let pidFile = '';

/** A stand-in for the app that works for ever and says by its pid that it has begun. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-cancel-'));
  pidFile = join(folder, 'pid');
  const script = join(folder, 'app.mjs');
  await writeFile(
    script,
    "import { writeFileSync } from 'node:fs'; " +
      `writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => undefined, 1000);`,
  );
  await writeFile(
    join(folder, 'camera.json'),
    JSON.stringify({ worldToCamera: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], fx: 8, fy: 8, cx: 4, cy: 4 }),
  );
  vi.stubEnv('SPLATFORMER_ELECTRON', JSON.stringify([process.execPath, script]));
  vi.spyOn(terminal, 'result').mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.each([
  [
    'render',
    () => render([SAMPLE, '--camera', join(folder, 'camera.json'), '--size', '8x8', '--out', join(folder, 'o.png')]),
  ],
  ['video', () => video([SAMPLE, '--turntable', '--size', '8x8', '--out', join(folder, 'o.mp4')])],
] as const)('%s ends the hidden app on a termination signal', async (_name, start) => {
  const listeners = process.listenerCount('SIGTERM');
  const code = start();
  await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', { timeout: 20_000 });
  process.emit('SIGTERM', 'SIGTERM');
  expect(await code).toBe(143);
  expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
});

it('a signal that came before the app was there ends it too', async () => {
  const job = {
    kind: 'refine',
    items: [],
    model: 'm',
    strength: 1,
    format: 'inria-ply',
    comment: '',
  } satisfies RenderJob;
  await expect(runInApp(job, 'Nothing', () => undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

it.each([
  ['info', () => info([SAMPLE])],
  ['convert', () => convert([SAMPLE, join(folder, 'o.spz')])],
] as const)('%s ends on a signal and writes nothing', async (_name, start) => {
  const before = await readdir(folder);
  const listeners = process.listenerCount('SIGINT');
  const code = start();
  await vi.waitUntil(() => process.listenerCount('SIGINT') > listeners, { interval: 1 });
  process.emit('SIGINT', 'SIGINT');
  expect(await code).toBe(130);
  expect(await readdir(folder)).toEqual(before);
  expect(terminal.result).not.toHaveBeenCalled();
});
