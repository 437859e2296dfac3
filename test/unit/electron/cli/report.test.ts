import { execFileSync } from 'node:child_process';
import { link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { report } from '../../../../electron/cli/report.ts';
import { terminal } from '../../../../electron/cli/terminal.ts';

let folder = '';
const said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-report-'));
  said.length = 0;
  vi.spyOn(terminal, 'result').mockImplementation((text) => void said.push(text));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function writePart(index: number, count: number, failed = 0): Promise<void> {
  const error = { code: 'truncated-file', message: 'It is cut short.' };
  const result = { input: `${index}.ply`, output: 'o', ok: failed === 0, ...(failed === 0 ? {} : { error }) };
  const part = {
    finished: new Date(0).toISOString(),
    settings: { shard: `${index}/${count}` },
    model: { sha256: 'x' },
    summary: { files: 1, refined: 1 - failed, skipped: 0, failed, left: 0, seconds: 2 },
    results: [result],
  };
  await writeFile(join(folder, `${index}.json`), JSON.stringify(part));
}

it('merges a folder of reports, says so in a line and writes one document', async () => {
  await writePart(1, 2);
  await writePart(2, 2);
  const out = join(folder, 'all.txt');
  expect(await report([folder, '--out', out])).toBe(0);
  expect(said).toEqual(['2 scenes: 2 refined, 0 there already, 0 failed, 0 left; 4 s of all parts together']);
  expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ shards: { count: 2, missing: [] } });
});

it('ends with 1 where something failed or is missing, and names it', async () => {
  await writePart(2, 3, 1);
  expect(await report([join(folder, '2.json')])).toBe(1);
  expect(said[0]).toContain('2 of 3 parts have no report: 1/3 3/3\n2.ply: It is cut short.');
});

it('refuses nothing, an empty folder and a file that is not there', async () => {
  await expect(report([])).rejects.toMatchObject({ code: 'usage' });
  await expect(report([folder])).rejects.toThrow('There is no report (.json)');
  await expect(report([join(folder, 'none.json')])).rejects.toThrow('none.json could not be read: it is not there.');
});

it('never writes over a report that it reads, by whatever name', async () => {
  await writePart(1, 1);
  const before = await readFile(join(folder, '1.json'), 'utf8');
  await link(join(folder, '1.json'), join(folder, 'again.txt'));
  for (const out of ['1.json', 'again.txt']) {
    const written = report([join(folder, '1.json'), '--out', join(folder, out)]);
    await expect(written).rejects.toMatchObject({ code: 'usage' });
  }
  expect(await readFile(join(folder, '1.json'), 'utf8')).toBe(before);
});

it.skipIf(process.platform === 'win32')('does not wait for a pipe nor read a device without end', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  for (const path of [join(folder, 'pipe.json'), '/dev/zero'])
    await expect(report([path])).rejects.toThrow('is not a file but a device or a pipe.');
});
