import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const start = vi.fn();
vi.mock('electron', () => ({ app: { setPath: vi.fn() }, crashReporter: { start } }));
const { crashReports, keepCrashReports } = await import('../../../../electron/report/crash-reports.ts');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-crashes-'));
  mkdirSync(join(folder, 'pending'));
  for (let i = 0; i < 8; i += 1) {
    const path = join(folder, 'pending', `${i}.dmp`);
    writeFileSync(path, 'MDMP');
    utimesSync(path, i, i);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the newest five are kept, and nothing is uploaded', () => {
  keepCrashReports(folder);
  expect(crashReports(folder).map((path) => basename(path))).toEqual(['7.dmp', '6.dmp', '5.dmp', '4.dmp', '3.dmp']);
  expect(start).toHaveBeenCalledWith({ uploadToServer: false });
});

it('a first start has none', () => {
  expect(crashReports(join(folder, 'nothing'))).toEqual([]);
});
