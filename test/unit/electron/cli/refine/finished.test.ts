import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isFinished } from '../../../../../electron/cli/refine/finished.ts';
import { encodedBytes } from '../../../../encoded-bytes.ts';
import { readScene } from '../../../../../renderer/io/read-scene.ts';
import { sourceFromBytes } from '../../../../../renderer/io/source.ts';
import { cropPly } from '../../../../crop-ply.ts';

const COMMENT = 'Refined by a test';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-finished-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Seconds after the start of time at which a file says that it was changed. */
function put(name: string, content: string | Uint8Array, seconds: number): string {
  const path = join(folder, name);
  mkdirSync(resolve(path, '..'), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, seconds, seconds);
  return path;
}

async function answer(seconds: number): Promise<string> {
  const sample = readFileSync(resolve(import.meta.dirname, '../../../../../test/data/scenes/sample.ply'));
  const scene = await readScene(sourceFromBytes('sample.ply', cropPly(sample, 20)));
  return put('answer.ply', await encodedBytes(scene, 'inria-ply', { comment: COMMENT }), seconds);
}

test.each([
  ['the manifest', 'meta.json'],
  ['a picture', 'means_l.webp'],
])('an answer is older than a SOG folder once %s is newer', async (_, changed) => {
  const files = ['meta.json', 'means_l.webp', 'quats.webp'];
  const input = join(folder, 'scene');
  for (const name of files) put(`scene/${name}`, '{}', 100);
  put('scene/notes.txt', 'Not of the scene.', 900);
  const output = await answer(200);
  utimesSync(input, 100, 100);
  expect(await isFinished({ input, output }, COMMENT)).toBe(true);
  utimesSync(join(input, changed), 300, 300);
  for (const named of [input, join(input, 'meta.json')])
    expect(await isFinished({ input: named, output }, COMMENT)).toBe(false);
});

test('levels of detail count too, and a folder that was only looked into does not', async () => {
  const input = join(folder, 'levels');
  put('levels/lod-meta.json', '{}', 100);
  put('levels/0_0/meta.json', '{}', 100);
  const picture = put('levels/0_0/quats.webp', '', 100);
  const output = await answer(200);
  utimesSync(input, 900, 900);
  expect(await isFinished({ input, output }, COMMENT)).toBe(true);
  utimesSync(picture, 300, 300);
  expect(await isFinished({ input, output }, COMMENT)).toBe(false);
});

test('without its input, or made by something else, an answer does not stand', async () => {
  const output = await answer(200);
  expect(await isFinished({ input: join(folder, 'gone.ply'), output }, COMMENT)).toBe(false);
  const input = put('in.ply', '', 100);
  expect(await isFinished({ input, output }, COMMENT)).toBe(true);
  expect(await isFinished({ input, output }, `${COMMENT} of another kind`)).toBe(false);
});
