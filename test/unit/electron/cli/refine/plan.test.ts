import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseFormat, parseShard } from '../../../../../electron/cli/arguments.ts';
import { linesForPeople, linesForPrograms, quietly } from '../../../../../electron/cli/refine/display.ts';
import { settingsComment } from '../../../../../electron/cli/refine/finished.ts';
import { Tally, failed, skipped } from '../../../../../electron/cli/refine/outcome.ts';
import { assertNothingReplaced, planOutputs, takeShard } from '../../../../../electron/cli/refine/plan.ts';
import { parseRefine } from '../../../../../electron/cli/refine/settings.ts';
import { terminal } from '../../../../../electron/cli/terminal.ts';
import { FilesRead } from '../../../../../electron/files/files-read.ts';
import { SplatError } from '../../../../../renderer/core/errors.ts';
import { FILE_EXTENSIONS, formatOfName } from '../../../../../renderer/core/writable-formats.ts';

const usage = expect.objectContaining({ code: 'usage' }) as Error;
const SCENES = [
  { path: 'in/a/x.splat', subfolder: 'a', stem: 'x' },
  { path: 'in/b/x.ply', subfolder: 'b', stem: 'x' },
  { path: 'in/y.ply', subfolder: '', stem: 'y' },
];

afterEach(() => void vi.restoreAllMocks());

describe('arguments of refine', () => {
  it('reads every option and has defaults for the rest', () => {
    expect(parseRefine(['a', 'b', '--out-dir', 'out'])).toMatchObject({
      inputs: ['a', 'b'],
      directory: 'out',
      recursive: false,
      resume: false,
      shard: undefined,
      device: 'auto',
      strength: 1,
      up: undefined,
      format: 'inria-ply',
      report: undefined,
      json: false,
    });
    const all = [
      'a',
      '--out-dir=out',
      '--recursive',
      '--resume',
      '--shard=2/3',
      '--device=webgpu',
      '--strength=0.5',
      '--up=-y',
      '--format=spz',
      '--report=r.json',
      '--model=m.pth',
      '--json',
    ];
    expect(parseRefine(all)).toMatchObject({
      recursive: true,
      resume: true,
      shard: { index: 2, count: 3 },
      device: 'webgpu',
      strength: 0.5,
      up: '-y',
      format: 'spz',
      report: 'r.json',
      model: 'm.pth',
      json: true,
    });
  });

  it('refuses what makes no sense', () => {
    for (const args of [
      [],
      ['--out-dir', 'out'],
      ['a'],
      ['a', '--out-dir', ''],
      ['a', '--out-dir', 'o', '--report='],
      ['a', '--out-dir', 'o', '--device', 'tpu'],
      ['a', '--out-dir', 'o', '--up=w'],
    ])
      expect(() => parseRefine(args)).toThrow(usage);
    for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '1/3/4', '-1/3'])
      expect(() => parseShard(text)).toThrow(usage);
    for (const text of ['ksplat', 'PLY', '.ply', 'toString']) expect(() => parseFormat(text)).toThrow(usage);
  });

  it('names formats by how files end', () => {
    expect(Object.values(FILE_EXTENSIONS).map((end) => formatOfName(`X${end.toUpperCase()}`))).toEqual(
      Object.keys(FILE_EXTENSIONS),
    );
    expect(formatOfName('a.ksplat')).toBeUndefined();
    expect(formatOfName('C:\\scenes\\plant\\meta.json')).toBe('sog-folder');
    expect(formatOfName('my-meta.json')).toBeUndefined();
  });
});

describe('where answers go', () => {
  it('keeps sub-folders in a recursive run', () => {
    expect(
      planOutputs(SCENES, { directory: 'out', recursive: true, format: 'compressed-ply' }).map(({ output }) => output),
    ).toEqual(['out/a/x.compressed.ply', 'out/b/x.compressed.ply', 'out/y.compressed.ply']);
  });

  it('tells beforehand where two answers would be one file', () => {
    expect(() => planOutputs(SCENES, { directory: 'out', recursive: false, format: 'inria-ply' })).toThrow(usage);
    expect(() => planOutputs(SCENES, { directory: 'out', recursive: false, format: 'inria-ply' })).toThrow(
      'in/a/x.splat and in/b/x.ply to out/x.ply',
    );
    const many = Array.from({ length: 9 }, (_, i) => ({ path: `${i}/x.ply`, subfolder: '', stem: 'x' }));
    expect(() => planOutputs(many, { directory: 'out', recursive: false, format: 'spz' })).toThrow('(and 5 more)');
  });

  it('never over anything that is read or written, whatever links lead there, nor the report', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'splatformer-plan-'));
    const at = (...names: string[]): string => join(folder, ...names);
    try {
      await mkdir(at('scan/sog'), { recursive: true });
      for (const name of ['a.ply', 'sog/meta.json', 'sog/means_l.webp', 'm.pth', 'm.json', 'cameras.json'])
        await writeFile(at('scan', name), name);
      await symlink(at('scan'), at('linked'));
      await link(at('scan/a.ply'), at('hard.ply'));
      const read = new FilesRead();
      for (const name of ['a.ply', 'sog']) await read.addScene(at('scan', name));
      await read.addModel(at('scan/m.pth'));
      await read.add(at('scan/cameras.json'));
      const items = [{ input: at('scan/a.ply'), output: at('out/a.ply') }];
      const reads = ['a.ply', 'sog/meta.json', 'sog/means_l.webp', 'm.pth', 'm.json', 'cameras.json'];
      const taken = [...reads.flatMap((name) => [at('scan', name), at('linked', name)]), at('hard.ply')];
      for (const path of taken) {
        await expect(assertNothingReplaced([{ ...items[0], output: path }], undefined, read)).rejects.toThrow(usage);
        await expect(assertNothingReplaced(items, path, read)).rejects.toThrow(usage);
      }
      await expect(assertNothingReplaced(items, at('out/../out/a.ply'), read)).rejects.toThrow(usage);
      const one = ['scan/new/b.ply', 'linked/new/b.ply'].map((name) => ({ input: name, output: at(name) }));
      await expect(assertNothingReplaced(one, undefined, read)).rejects.toThrow('linked/new/b.ply to');
      await assertNothingReplaced(items, at('scan/report.json'), read);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('splits a list into parts that have every scene once, whatever the order of arguments', () => {
    const items = Array.from({ length: 103 }, (_, i) => ({ input: `in/${i}.ply`, output: `out/${i}.ply` }));
    const parts = [1, 2, 3, 4].map((index) => takeShard(items, { index, count: 4 }));
    expect(parts.map(({ length }) => length)).toEqual([26, 26, 26, 25]);
    expect(new Set(parts.flat()).size).toBe(103);
    expect(takeShard([...items].reverse(), { index: 2, count: 4 })).toEqual(parts[1]);
    expect(takeShard(items.slice(0, 2), { index: 3, count: 4 })).toEqual([]);
  });
});

describe('what a run says', () => {
  const item = { input: 'in/a.ply', output: 'out/a.ply' };
  const spoken = (): string[] => {
    const lines: string[] = [];
    vi.spyOn(terminal, 'result').mockImplementation((text) => void lines.push(text));
    vi.spyOn(terminal, 'note').mockImplementation((text) => void lines.push(text));
    return lines;
  };

  it('is one JSON object a line for programs, with progress at most once a second', () => {
    const lines = spoken();
    let ms = 0;
    const display = linesForPrograms(() => ms);
    display.start(2);
    const { listener } = display.progressOf(item, 1);
    for (; ms < 3500; ms += 100) listener({ stage: 'network', fraction: ms / 4000 });
    display.outcome(failed(item, new SplatError('io', 'It is gone.')));
    display.outcome(skipped(item));
    display.end({ files: 2, refined: 0, skipped: 1, failed: 1, left: 0, seconds: 3.5 });
    const events = lines.map((line) => JSON.parse(line) as { event: string });
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      'progress',
      'progress',
      'progress',
      'failed',
      'skipped',
      'end',
    ]);
    expect(events[1]).toEqual({ event: 'progress', file: 1, input: 'in/a.ply', stage: 'network', fraction: 0.25 });
    expect(events[4]).toMatchObject({ input: 'in/a.ply', ok: false, error: { code: 'io', message: 'It is gone.' } });
  });

  it('is a line a scene and the numbers at the end for people, and nothing for --json', () => {
    const lines = spoken();
    for (const display of [linesForPeople(), quietly()]) {
      display.start(3);
      display.outcome(skipped(item));
      display.outcome(failed(item, new SplatError('io', 'It is gone.')));
      display.end({ files: 3, refined: 0, skipped: 1, failed: 1, left: 1, seconds: 2 });
    }
    expect(lines).toEqual([
      'out/a.ply: finished before',
      'in/a.ply: It is gone.',
      '0 refined, 1 finished before, 1 failed, 1 left, 2 s',
    ]);
  });

  it('counts', () => {
    const tally = new Tally(4);
    tally.add(skipped(item));
    tally.add(failed(item, new SplatError('io', 'x')));
    expect(tally.summary).toMatchObject({ files: 4, refined: 0, skipped: 1, failed: 1, left: 2 });
  });

  it('marks answers by printable ASCII that tells settings apart', () => {
    const camera = { worldToView: new Float64Array(16), fx: 64, fy: 64, cx: 32, cy: 32, width: 64, height: 64 };
    const comment = settingsComment('größer\n', 'ab'.repeat(32), { strength: 0.5, up: undefined });
    expect(comment).toMatch(/^[\x20-\x7e]+$/);
    expect(
      new Set([
        comment,
        settingsComment('größer\n', 'ab'.repeat(32), { strength: 1, up: undefined }),
        settingsComment('größer\n', 'cd'.repeat(32), { strength: 0.5, up: undefined }),
        settingsComment('größer\n', 'ab'.repeat(32), { strength: 0.5, up: 'z' }),
        settingsComment('größer\n', 'ab'.repeat(32), { strength: 0.5, up: undefined, region: 'all' }),
        settingsComment('größer\n', 'ab'.repeat(32), { strength: 0.5, up: undefined }, [camera]),
        settingsComment('größer\n', 'ab'.repeat(32), { strength: 0.5, up: undefined }, [{ ...camera, cx: 33 }]),
      ]).size,
    ).toBe(7);
  });
});
