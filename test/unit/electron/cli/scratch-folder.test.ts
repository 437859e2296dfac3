import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withScratchFolder } from '../../../../electron/cli/scratch-folder.ts';
import { temporaryName } from '../../../../renderer/io/temporary-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-scratch-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('is there for one person while it is used, and gone afterwards, whatever happens', async () => {
  const used = withScratchFolder((scratch) => {
    writeFileSync(join(scratch, 'scene.ply'), '');
    expect(dirname(scratch)).toBe(folder);
    if (process.platform !== 'win32') expect(statSync(scratch).mode & 0o777).toBe(0o700);
    return Promise.reject(new Error(scratch));
  });
  const scratch = await used.catch((error: unknown) => (error instanceof Error ? error.message : ''));
  expect(scratch).toMatch(/\.tmp$/);
  expect(existsSync(scratch ?? '')).toBe(false);
});

it('takes what a killed command left along, and nothing of one that lives', async () => {
  // No system numbers its processes so high.
  const [left, kept] = [temporaryName(0x7ffffff0), temporaryName()].map((name) => join(folder, name));
  for (const one of [left, kept]) {
    mkdirSync(one);
    writeFileSync(join(one, 'scene.ply'), '');
  }
  await withScratchFolder(() => Promise.resolve());
  expect([left, kept].map((one) => existsSync(one))).toEqual([false, true]);
});
