import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runInApp } from '../../../../electron/cli/run-in-app.ts';
import { selfTestJob } from '../../../../electron/start/self-test.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-fake-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('an app that finds no display is told of as what it is', async () => {
  const script = join(folder, 'app.mjs');
  const line = '[1:1129/1.2:ERROR:ozone_platform_x11.cc(245)] Missing X server or $DISPLAY';
  await writeFile(script, `process.stderr.write(${JSON.stringify(`${line}\n`)}); process.exitCode = 1;`);
  vi.stubEnv('SPLATFORMER_ELECTRON', JSON.stringify([process.execPath, script]));
  const job = selfTestJob('/a.ply', '/b.png');
  const { signal } = new AbortController();
  await expect(runInApp(job, 'Not made', () => undefined, { signal })).rejects.toMatchObject({
    code: 'usage',
    message: 'render draws, and there is no display.',
  });
});
