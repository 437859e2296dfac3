import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { cropPly } from '../../../crop-ply.ts';
import { Bench, SAMPLE, countOf, folder, good, onDisk, provideBatchFolder, put, results } from './bench.ts';

const NOBODY = 65534;
/** Only the superuser may mount a little disk and start a process of another user. */
const canMount = process.getuid?.() === 0 && process.platform === 'linux';

provideBatchFolder();

describe('the batch', () => {
  test('refines a folder with bad files among the good ones', async () => {
    good('a.ply', 90);
    put('in/b-truncated.ply', cropPly(SAMPLE, 100).subarray(0, 9000));
    put('in/c-text.ply', 'Dear reader');
    truncateSync(put('in/d-huge.ply', cropPly(SAMPLE, 100).subarray(0, 4096)), Math.ceil(totalmem() / 2));
    put('in/e-empty.spz', '');
    good('f-gone.ply');
    good('g.ply', 80);
    const bench = await Bench.open();
    expect(await bench.host.add([join(folder, 'in')])).toEqual({ added: 7, known: 0, models: 0 });
    expect(await bench.host.add([join(folder, 'in/a.ply')])).toEqual({ added: 0, known: 1, models: 0 });
    rmSync(join(folder, 'in/f-gone.ply'));
    await bench.host.start();
    await bench.finish();
    expect(bench.states).toEqual({
      'a.ply': 'done',
      'b-truncated.ply': 'failed',
      'c-text.ply': 'failed',
      'd-huge.ply': 'failed',
      'e-empty.spz': 'failed',
      'f-gone.ply': 'failed',
      'g.ply': 'done',
    });
    expect(Object.fromEntries([...bench.rows.values()].map(({ name, error }) => [name[0], error?.code]))).toEqual({
      a: undefined,
      b: 'truncated-file',
      c: 'unknown-format',
      d: 'out-of-memory',
      e: 'empty-scene',
      f: 'io',
      g: undefined,
    });
    expect(bench.ends).toEqual([
      { counts: { done: 2, failed: 5, queued: 0, running: 0, skipped: 0, cancelled: 0 }, problem: undefined },
    ]);
    expect(results()).toEqual(['a-refined.ply', 'g-refined.ply']);
    expect(await countOf('a-refined.ply')).toBe(90);
    expect(bench.row('g.ply')).toMatchObject({ splats: 80, outputName: 'g-refined.ply' });
    expect(bench.started).toBe(1);
    // ONNX Runtime keeps the reports that it would send there.
    expect(existsSync(join(folder, 'home'))).toBe(false);
    expect(bench.progress?.remainingMs).toBeGreaterThanOrEqual(0);
    // Added again, the folder's results are no inputs.
    expect(await bench.host.add([join(folder, 'in')])).toEqual({ added: 0, known: 6, models: 0 });
    expect(bench.host.report('Test').summary).toMatchObject({ files: 7, splats: 170 });
    await vi.waitUntil(() => onDisk().run === 'idle');
    expect(onDisk().items.map(({ state }) => state)).toEqual([
      'done',
      'failed',
      'failed',
      'failed',
      'failed',
      'failed',
      'done',
    ]);
  });

  test(
    'writes other formats and names, and neither overwrites nor mixes up files of one name',
    { timeout: 90_000 },
    async () => {
      mkdirSync(join(folder, 'in/one/deep'), { recursive: true });
      mkdirSync(join(folder, 'in/two'));
      for (const [place, splats] of [
        ['one/deep', 61],
        ['two', 62],
      ] as const)
        good(`${place}/point_cloud.ply`, splats);
      good('other.ply');
      const bench = await Bench.open();
      await bench.host.add([join(folder, 'in')]);
      expect(bench.status.settings.pattern).toBe('{folder}-{name}-refined');
      bench.host.change({ pattern: '{name}_{strength}', format: 'spz', strength: 0.5 });
      expect(() => bench.host.change({ pattern: '../{name}' })).toThrow(/can’t hold/);
      mkdirSync(join(folder, 'in/refined'));
      put('in/refined/other_50.spz', 'precious');
      await bench.host.start();
      expect(() => bench.host.change({ format: 'spz' })).toThrow(/under way/);
      await bench.finish();
      expect(results()).toEqual(['other_50.spz', 'point_cloud_50-2.spz', 'point_cloud_50.spz']);
      expect([await countOf('point_cloud_50.spz'), await countOf('point_cloud_50-2.spz')]).toEqual([61, 62]);
      expect(readFileSync(join(folder, 'in/refined/other_50.spz'), 'utf8')).toBe('precious');
      expect(bench.row('other.ply')).toMatchObject({ state: 'skipped', error: { code: 'exists' } });
      bench.host.change({ replace: true });
      bench.host.retry([bench.row('other.ply').id]);
      await bench.host.start();
      await bench.until(() => bench.row('other.ply').state === 'done');
      expect(await countOf('other_50.spz')).toBe(60);
    },
  );

  test('refines about the axis that was chosen for all files', { timeout: 60_000 }, async () => {
    good('a.ply');
    const bench = await Bench.open();
    const answers: Buffer[] = [];
    for (const up of ['file', 'z', 'y'] as const) {
      await bench.host.add([join(folder, 'in/a.ply')]);
      bench.host.change({ up, replace: true });
      await bench.host.start();
      await bench.until(() => bench.row('a.ply').state === 'done' && bench.status.run === 'idle');
      const { id, outputName } = bench.row('a.ply');
      answers.push(readFileSync(join(folder, 'in/refined', outputName ?? '')));
      bench.host.remove([id]);
    }
    // The sample says that z is up.
    expect(answers[1].equals(answers[0])).toBe(true);
    expect(answers[2].equals(answers[0])).toBe(false);
  });

  test('says what the format of an answer can’t hold', { timeout: 60_000 }, async () => {
    good('a.ply');
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in/a.ply')]);
    bench.host.change({ format: 'splat' });
    await bench.host.start();
    await bench.until(() => bench.row('a.ply').state === 'done');
    expect(bench.row('a.ply').notes).toEqual([expect.stringMatching(/harmonics|antialias/i)]);
  });

  test('never writes onto a file of its list, whatever the settings', async () => {
    good('a.ply', 60);
    good('b.ply', 70);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    bench.host.change({
      pattern: '{name}',
      replace: true,
      outputFolder: join(folder, 'in'),
      outputFolderIsChosen: true,
    });
    await bench.host.start();
    await bench.finish();
    expect(readdirSync(join(folder, 'in')).sort()).toEqual(['a-2.ply', 'a.ply', 'b-2.ply', 'b.ply']);
    bench.host.remove([...bench.rows.keys()]);
    // The answer's place is another name of an input.
    linkSync(join(folder, 'in/b.ply'), put('in/x', '') && join(folder, 'in/linked.ply'));
    await bench.host.add([join(folder, 'in/a.ply'), join(folder, 'in/b.ply')]);
    bench.host.change({ pattern: 'linked', outputFolder: join(folder, 'in') });
    await bench.host.start();
    await bench.until(() => bench.ends.length === 2);
    expect(bench.states).toEqual({ 'a.ply': 'failed', 'b.ply': 'done' });
    expect(bench.row('a.ply').error?.code).toBe('usage');
    expect(readFileSync(join(folder, 'in/b.ply'))).toEqual(Buffer.from(cropPly(SAMPLE, 70)));
  });

  test('outlives an output folder that goes away, and retries when it is back', async () => {
    for (const name of ['a', 'b', 'c']) good(`${name}.ply`, name === 'a' ? 60 : 400);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.until(() => bench.row('a.ply').state === 'done');
    rmSync(join(folder, 'in/refined'), { recursive: true });
    await bench.finish();
    expect(bench.states).toEqual({ 'a.ply': 'done', 'b.ply': 'failed', 'c.ply': 'failed' });
    expect(bench.row('c.ply').error?.message).toContain('its folder is gone');
    bench.host.retry([...bench.rows.keys()]);
    await bench.host.start();
    await bench.until(() => bench.ends.length === 2);
    expect(results()).toEqual(['b-refined.ply', 'c-refined.ply']);
  });

  test.runIf(canMount)('goes on over a full disk and closed files (needs root on Linux: mounts a disk)', async () => {
    chmodSync(folder, 0o755);
    for (const [name, splats] of [
      ['a', 20],
      ['b', 3000],
      ['c', 20],
    ] as const)
      good(`${name}.ply`, splats);
    chmodSync(good('d-secret.ply'), 0);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=777', 'tmpfs', disk]);
    try {
      const bench = await Bench.open({ uid: NOBODY });
      await bench.host.add([join(folder, 'in')]);
      bench.host.change({ outputFolder: disk, outputFolderIsChosen: true });
      await bench.host.start();
      await bench.finish();
      expect(bench.states).toEqual({ 'a.ply': 'done', 'b.ply': 'failed', 'c.ply': 'done', 'd-secret.ply': 'failed' });
      expect(bench.row('b.ply').error?.message).toBe('b-refined.ply could not be written: the disk is full.');
      expect(bench.row('d-secret.ply').error?.message).toBe(
        'd-secret.ply could not be opened: you have no permission.',
      );
      expect(readdirSync(disk).sort()).toEqual(['a-refined.ply', 'c-refined.ply']);
      chmodSync(disk, 0o555);
      bench.host.retry([bench.row('b.ply').id]);
      await bench.host.start();
      await bench.until(() => bench.ends.length === 2);
      expect(bench.row('b.ply').error?.message).toBe('b-refined.ply could not be written: you have no permission.');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('pauses between stages and goes on', async () => {
    good('a.ply', 4000);
    good('b.ply');
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.until(() => bench.progress !== undefined);
    bench.host.pause();
    await bench.until(() => bench.status.isHeld);
    expect(bench.states).toEqual({ 'a.ply': 'running', 'b.ply': 'queued' });
    await new Promise((settle) => setTimeout(settle, 600));
    expect(existsSync(join(folder, 'in/refined/a-refined.ply'))).toBe(false);
    expect(onDisk().run).toBe('paused');
    await bench.host.start();
    expect(bench.status).toMatchObject({ run: 'running', isHeld: false });
    await bench.finish();
    expect(bench.states).toEqual({ 'a.ply': 'done', 'b.ply': 'done' });
    expect(bench.started).toBe(1);
  });

  test('cancels one at once and goes on, also while paused, and all', async () => {
    for (const name of ['a', 'b', 'c', 'd']) good(`${name}.ply`, 4000);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.until(() => bench.progress !== undefined);
    const before = performance.now();
    await bench.host.cancel([bench.row('a.ply').id]);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(bench.row('a.ply').state).toBe('cancelled');
    expect(bench.row('b.ply').state).toBe('running');
    bench.host.pause();
    await bench.until(() => bench.status.isHeld);
    await bench.host.cancel([bench.row('b.ply').id, bench.row('c.ply').id]);
    expect(bench.states).toEqual({
      'a.ply': 'cancelled',
      'b.ply': 'cancelled',
      'c.ply': 'cancelled',
      'd.ply': 'queued',
    });
    await bench.host.cancelAll();
    expect(bench.status.run).toBe('idle');
    expect(bench.ends).toHaveLength(1);
    expect(results()).toEqual([]);
    bench.host.retry([bench.row('d.ply').id]);
    await bench.host.start();
    await bench.until(() => bench.ends.length === 2);
    expect(results()).toEqual(['d-refined.ply']);
  });

  test('calls a process that died the end of one file only', async () => {
    good('a.ply', 4000);
    good('b.ply');
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.until(() => bench.progress?.stage === 'Reading');
    bench.child?.kill('SIGKILL');
    await bench.finish();
    expect(bench.states).toEqual({ 'a.ply': 'failed', 'b.ply': 'done' });
    expect(bench.row('a.ply').error).toMatchObject({ code: 'out-of-memory' });
    expect(bench.started).toBe(2);
  });

  test('stops for a model that can’t be used or a process that does not start, and loses no file', async () => {
    good('a.ply');
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    bench.host.change({ model: { path: put('bad.pth', 'no checkpoint'), name: 'bad' } });
    await bench.host.start();
    await bench.finish();
    expect(bench.states).toEqual({ 'a.ply': 'queued' });
    expect(bench.ends[0]?.problem?.code).toBe('model-invalid');
    expect(bench.status).toMatchObject({
      run: 'idle',
      problem: { code: 'model-invalid' },
      settings: { modelName: 'bad', usesShippedModel: false },
    });
    bench.host.change({ model: null });
    await bench.host.start();
    await bench.until(() => bench.ends.length === 2);
    expect(bench.states).toEqual({ 'a.ply': 'done' });

    const broken = await Bench.open({ entry: put('broken.cjs', 'process.exit(3)') });
    await broken.host.add([good('b.ply')]);
    await broken.host.start();
    await broken.finish();
    expect(broken.ends[0]?.problem?.message).toContain('code 3');
    expect(broken.row('b.ply').state).toBe('queued');
    expect(broken.started).toBe(3);
  });

  test('goes on where its process is ended before it is up', async () => {
    good('a.ply');
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    const start = bench.host.start();
    await bench.until(() => bench.child !== undefined);
    bench.child?.kill('SIGKILL');
    await start;
    await bench.finish();
    expect(bench.states).toEqual({ 'a.ply': 'done' });
    expect(bench.started).toBe(2);
  });
});
