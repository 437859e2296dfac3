import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { queueSchema } from '../../../../renderer/batch/queue.ts';
import { Bench, countOf, folder, good, onDisk, provideBatchFolder, put, results } from './bench.ts';
import { temporaryName } from '../../../../renderer/io/temporary-file.ts';

const isLinux = process.platform === 'linux';

provideBatchFolder();

describe('memory', () => {
  test.runIf(isLinux)('stays flat over 200 files (needs Linux: reads /proc)', { timeout: 480_000 }, async () => {
    const sizes = [60, 200, 90, 300];
    for (let n = 0; n < 200; n++) good(`${String(n).padStart(3, '0')}.ply`, sizes[n % sizes.length]);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    const child: number[] = [];
    const host: number[] = [];
    bench.onRow = ({ state }) => {
      if (state !== 'done') return;
      child.push(residentMebibytes(bench.child?.pid as number));
      host.push(residentMebibytes(process.pid));
    };
    await bench.host.start();
    await bench.until(() => bench.ends.length > 0, 460_000);
    expect(bench.ends[0]?.counts.done).toBe(200);
    expect(bench.started).toBe(1);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const figures = [child, host].map((samples) => ({
      early: mean(samples.slice(40, 80)),
      late: mean(samples.slice(160)),
      peak: Math.max(...samples),
    }));
    const rounded = JSON.stringify(figures, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value) : value,
    );
    process.stderr.write(`Resident MiB over 200 files, process and host: ${rounded}\n`);
    for (const { early, late } of figures) expect(late).toBeLessThan(early * 1.15);
  });
});

/** Memory that a process holds. */
function residentMebibytes(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) / 1024;
}

describe('after a crash', () => {
  test('the file that was under way is done again, and going on is offered', async () => {
    for (const name of ['a', 'b']) good(`${name}.ply`, name === 'a' ? 60 : 4000);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.until(() => bench.row('b.ply').state === 'running' && bench.progress?.id === bench.row('b.ply').id);
    await vi.waitUntil(() => onDisk().items[1]?.state === 'running');
    bench.crash();
    put(`in/refined/${temporaryName(0x7fff_ffff)}`, 'half');
    put('in/refined/.b-refined.ply.mine.tmp', 'not ours');

    const again = await Bench.open();
    expect(again.status).toMatchObject({ run: 'idle', offersResume: true });
    expect(again.states).toEqual({ 'a.ply': 'done', 'b.ply': 'queued' });
    expect(results()).toEqual(['.b-refined.ply.mine.tmp', 'a-refined.ply']);
    await again.host.start();
    await again.finish();
    expect(again.status.offersResume).toBe(false);
    expect(await countOf('b-refined.ply')).toBe(4000);
  });

  test('an answer that had reached its place is done, and one that had not is not', async () => {
    good('a.ply', 60);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.finish();
    await bench.host.close();
    // The state of disk between the rename of the answer and the note of it.
    const finished = onDisk();
    const { result, ...item } = finished.items[0];
    const bytes = readFileSync(join(folder, 'in/refined/a-refined.ply'));
    const answer = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), result };
    const left = queueSchema.parse({
      ...finished,
      run: 'running',
      items: [{ ...item, state: 'running', commit: answer }],
    });
    writeFileSync(join(folder, 'data/batch.json'), JSON.stringify(left));
    const again = await Bench.open();
    expect(again.states).toEqual({ 'a.ply': 'done' });
    expect(again.status.offersResume).toBe(false);
    await again.host.close();

    writeFileSync(join(folder, 'data/batch.json'), JSON.stringify(left));
    writeFileSync(join(folder, 'in/refined/a-refined.ply'), bytes.fill(0, 500, 600));
    const other = await Bench.open();
    expect(other.states).toEqual({ 'a.ply': 'queued' });
    expect(other.status.offersResume).toBe(true);
  });

  test('closing keeps the queue, and a damaged list is backed up, not lost', async () => {
    good('a.ply', 4000);
    const bench = await Bench.open();
    await bench.host.add([join(folder, 'in')]);
    await bench.host.start();
    await bench.until(() => bench.progress !== undefined);
    await bench.host.close();
    expect(results()).toEqual([]);
    const again = await Bench.open();
    expect(again.status.offersResume).toBe(true);
    again.host.dismissResume();
    expect(again.status.offersResume).toBe(false);
    await again.host.close();

    const file = put('data/batch.json', '{"version":1,"items":[{');
    const other = await Bench.open();
    expect(other.rows.size).toBe(0);
    expect(other.warnings[0]).toContain('damaged');
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"version":1,"items":[{');
  });
});
