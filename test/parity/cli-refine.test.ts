import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { info } from '../../electron/cli/info.ts';
import { refine } from '../../electron/cli/refine.ts';
import { terminal } from '../../electron/cli/terminal.ts';
import { writeSmallModel } from '../models/reference-models.ts';
import { dataPath } from '../test-data.ts';

const SMALL = dataPath('parity/small/in.ply');
const usage = expect.objectContaining({ code: 'usage' }) as Error;

let models = '';
let model = '';
let folder = '';
let printed: string[] = [];
let input = '';
let out = '';

beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'splatformer-models-'));
  model = await writeSmallModel(models);
});
afterAll(() => rm(models, { recursive: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-refine-'));
  [input, out] = [join(folder, 'in'), join(folder, 'out')];
  printed = [];
  vi.spyOn(terminal, 'result').mockImplementation((text) => void printed.push(text));
  vi.spyOn(terminal, 'note').mockImplementation((text) => void printed.push(text));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function place(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(input, name)), { recursive: true });
    await copyFile(SMALL, join(input, name));
  }
}

const lastJson = (): unknown => JSON.parse(printed.at(-1) ?? '') as unknown;
const run = (...args: string[]): Promise<number> => refine([...args, '--out-dir', out, '--model', model]);

interface Document {
  readonly summary: { readonly refined: number; readonly skipped: number; readonly failed: number };
  readonly results: readonly { readonly input: string; readonly ok: boolean; readonly skipped?: true }[];
}

/** Runs with a report and gives its summary. */
async function summaryOf(...args: string[]): Promise<Document['summary']> {
  // Its folder is made.
  const report = join(folder, 'reports/of this run/report.json');
  await run(...args, '--report', report);
  return (JSON.parse(await readFile(report, 'utf8')) as Document).summary;
}

describe('refine on folders and patterns', () => {
  it('walks a folder, keeps its sub-folders, and writes lines for programs and a report', async () => {
    await place('a.ply', 'sub/a.ply');
    await writeFile(join(input, 'sub/bad.ply'), (await readFile(SMALL)).subarray(0, 9000));
    const report = join(folder, 'report.json');
    expect(await run(input, '--recursive', '--report', report)).toBe(1);
    expect((await readdir(out, { recursive: true })).sort()).toEqual(['a.ply', 'sub', 'sub/a.ply']);
    expect(await readFile(join(out, 'sub/a.ply'))).toEqual(await readFile(join(out, 'a.ply')));
    const events = printed
      .map((line) => JSON.parse(line) as { event: string })
      .filter(({ event }) => event !== 'progress');
    expect(events.map(({ event }) => event)).toEqual(['start', 'refined', 'refined', 'failed', 'end']);
    const document = JSON.parse(await readFile(report, 'utf8')) as Document;
    expect(document).toMatchObject({
      settings: { strength: 1, format: 'inria-ply' },
      summary: { files: 3, refined: 2, failed: 1, left: 0 },
    });
    expect(document.results.map(({ input: path, ok }) => [path.slice(input.length + 1), ok])).toEqual([
      ['a.ply', true],
      ['sub/a.ply', true],
      ['sub/bad.ply', false],
    ]);
  });

  it('tells name collisions before anything is done', async () => {
    await place('a.ply', 'sub/a.ply');
    await expect(run(join(input, '**/*.ply'))).rejects.toThrow(usage);
    await expect(stat(out)).rejects.toThrow('ENOENT');
    await expect(run(input, '--report', join(input, 'a.ply'))).rejects.toThrow(usage);
  });

  it('takes answers that lie among the inputs for answers', async () => {
    await place('a.ply');
    out = join(input, 'refined');
    expect(await run(input, '--recursive')).toBe(0);
    expect(await run(input, '--recursive')).toBe(0);
    expect((await readdir(input, { recursive: true })).sort()).toEqual(['a.ply', 'refined', 'refined/a.ply']);
  });

  it('writes what --format names', async () => {
    await place('a.ply');
    for (const [format, id] of [
      ['compressed.ply', 'compressed-ply'],
      ['spz', 'spz'],
    ] as const) {
      expect(await run(input, '--format', format)).toBe(0);
      await info([join(out, `a.${format}`), '--json']);
      expect(lastJson()).toMatchObject({ format: id, splats: 3000 });
    }
  });

  it('splits the list into shards that cover it once', async () => {
    await place('a.ply', 'b.ply', 'c.ply');
    expect(await run(input, '--shard', '1/2')).toBe(0);
    expect(await readdir(out)).toEqual(['a.ply', 'c.ply']);
    expect(await run(input, '--shard', '2/2')).toBe(0);
    expect((await readdir(out)).length).toBe(3);
    expect(await run(input, '--shard', '4/4', '--json')).toBe(0);
    expect(lastJson()).toEqual({ results: [] });
  });
});

describe('refine --resume', () => {
  it.each(['ply', 'compressed.ply', 'spz'])(
    'leaves finished answers alone and makes the others anew (%s)',
    async (format) => {
      await place('a.ply', 'b.ply');
      const options = [input, '--format', format];
      expect(await summaryOf(...options)).toMatchObject({ refined: 2, skipped: 0 });
      const written = await stat(join(out, `a.${format}`));
      expect(await summaryOf(...options, '--resume')).toMatchObject({ refined: 0, skipped: 2 });
      expect((await stat(join(out, `a.${format}`))).mtimeMs).toBe(written.mtimeMs);

      const whole = await readFile(join(out, `b.${format}`));
      await truncate(join(out, `b.${format}`), whole.length - 100);
      expect(await summaryOf(...options, '--resume')).toMatchObject({ refined: 1, skipped: 1 });
      expect(await readFile(join(out, `b.${format}`))).toEqual(whole);
    },
  );

  it('sees other settings, newer inputs and files that are no answers', async () => {
    await place('a.ply');
    expect(await summaryOf(input)).toMatchObject({ refined: 1 });
    expect(await summaryOf(input, '--resume', '--strength', '0.5')).toMatchObject({ refined: 1 });
    expect(await summaryOf(input, '--resume', '--strength', '0.5')).toMatchObject({ skipped: 1 });
    const later = new Date(Date.now() + 60_000);
    await utimes(join(input, 'a.ply'), later, later);
    expect(await summaryOf(input, '--resume', '--strength', '0.5')).toMatchObject({ refined: 1 });
    await copyFile(SMALL, join(out, 'a.ply'));
    await utimes(join(out, 'a.ply'), later, later);
    expect(await summaryOf(input, '--resume', '--strength', '0.5')).toMatchObject({ refined: 1 });
  });
});

it('ends on a termination signal between stages, reports what is done, and goes on from there', async () => {
  await place('a.ply', 'b.ply', 'c.ply');
  vi.spyOn(terminal, 'result').mockImplementation((text) => {
    if (text.includes('"event":"refined"')) process.emit('SIGTERM', 'SIGTERM');
  });
  const report = join(folder, 'report.json');
  const listeners = process.listenerCount('SIGTERM');
  expect(await run(input, '--report', report)).toBe(143);
  expect(await readdir(out)).toEqual(['a.ply']);
  expect((JSON.parse(await readFile(report, 'utf8')) as Document).summary).toMatchObject({
    files: 3,
    refined: 1,
    failed: 0,
    left: 2,
  });
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
  vi.mocked(terminal.result).mockImplementation(() => undefined);
  expect(await summaryOf(input, '--resume')).toMatchObject({ refined: 2, skipped: 1 });
});
