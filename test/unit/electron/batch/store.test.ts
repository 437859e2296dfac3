import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { QueueStore, isOnDisk } from '../../../../electron/batch/store.ts';
import { EMPTY_QUEUE } from '../../../../renderer/batch/queue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const result = {
  splats: 1,
  refined: 1,
  invalidPassedThrough: 0,
  outputSplats: 1,
  blocks: 1,
  backend: 'cpu',
  outputBytes: 1,
  meanChange: {},
};

/** Stands for a file that exists and can't be read, whoever runs the tests. */
function unreadable(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

test('a list that can not be read stays where it is, and nothing is written over it', async () => {
  const file = unreadable('batch.json');
  const store = new QueueStore(file);
  const { queue, problem } = await store.load();
  expect(queue).toEqual(EMPTY_QUEUE);
  expect(problem).toContain('batch.json could not be read: it is a folder.');
  await store.save(queue);
  expect(readdirSync(folder)).toEqual(['batch.json']);
  expect(statSync(file).isDirectory()).toBe(true);
});

test('a list that makes no sense is backed up', async () => {
  const file = join(folder, 'batch.json');
  writeFileSync(file, '{"version":7}');
  const store = new QueueStore(file);
  expect((await store.load()).problem).toContain('batch.json.damaged');
  await store.save(EMPTY_QUEUE);
  expect(readdirSync(folder).sort()).toEqual(['batch.json', 'batch.json.damaged']);
});

test('an answer that can not be read is not on disk', async () => {
  const output = unreadable('a.ply');
  expect(await isOnDisk(output, { bytes: statSync(output).size, sha256: '0'.repeat(64), result })).toBe(false);
});
