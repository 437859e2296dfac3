import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeProblemReport } from '../../../../electron/report/problem-report.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('packs log, diagnostics and crash reports, and says what they are', async () => {
  writeFileSync(join(folder, 'splatformer.log'), 'a line\n');
  writeFileSync(join(folder, 'one.dmp'), Buffer.from([1, 2, 3]));
  const target = join(folder, 'report.zip');
  await writeProblemReport(target, {
    diagnostics: 'linux',
    files: ['splatformer.log', 'splatformer.log.old', 'one.dmp'].map((name) => join(folder, name)),
  });
  const entries = unzipSync(readFileSync(target));
  expect(Object.keys(entries).sort()).toEqual(['README.txt', 'diagnostics.txt', 'one.dmp', 'splatformer.log']);
  expect(strFromU8(entries['splatformer.log'])).toBe('a line\n');
  expect(strFromU8(entries['diagnostics.txt'])).toBe('linux');
  expect(strFromU8(entries['README.txt'])).toContain('Nothing was sent');
});

it('a folder that is not there is a failure in words', async () => {
  const target = join(folder, 'gone', 'report.zip');
  await expect(writeProblemReport(target, { diagnostics: '', files: [] })).rejects.toThrow(/report\.zip/);
});
