import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FilesRead, sidecarOf } from '../../../../electron/files/files-read.ts';

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-read-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a name is the same by every way to its folder, there or not', async () => {
  mkdirSync(at('real'));
  symlinkSync(at('real'), at('linked'));
  const read = new FilesRead();
  await read.add(at('real/absent/a.json'));
  expect(await read.replacedBy(at('linked/absent/a.json'))).toBe(at('real/absent/a.json'));
  expect(await read.replacedBy(at('linked/b/../absent/a.json'))).toBe(at('real/absent/a.json'));
  expect(await read.replacedBy(at('linked/a.json'))).toBeUndefined();
  await expect(read.assertFree(at('linked/absent/a.json'))).rejects.toMatchObject({ code: 'usage' });
});

test('a link that is read is kept as well as what it leads to', async () => {
  writeFileSync(at('scan.ply'), 'scan');
  symlinkSync(at('scan.ply'), at('link.ply'));
  const read = new FilesRead();
  await read.addScene(at('link.ply'));
  expect(await read.replacedBy(at('scan.ply'))).toBe(at('link.ply'));
  expect(await read.replacedBy(at('link.ply'))).toBe(at('link.ply'));
});

test('another output takes a name, not the file that lies there now', async () => {
  writeFileSync(at('a.ply'), 'answer');
  symlinkSync(at('a.ply'), at('b.ply'));
  const outputs = new FilesRead();
  await outputs.addOutput(at('a.ply'));
  expect(await outputs.replacedBy(at('b.ply'))).toBeUndefined();
  expect(await outputs.replacedBy(at('a.ply'))).toBe(at('a.ply'));
});

test('the description of a checkpoint lies beside it', () => {
  expect(sidecarOf('models/a.b.pth')).toBe(join('models', 'a.b.json'));
});

test('a SOG folder replaces all that lies in it: an input there is kept', async () => {
  mkdirSync(at('plant'));
  for (const name of ['meta.json', 'means_l.webp', 'other.ply']) writeFileSync(at('plant', name), name);
  const read = new FilesRead();
  await read.addScene(at('plant'));
  expect(await read.replacedBy(at('plant', 'lod-meta.json'))).toBeDefined();
  const single = new FilesRead();
  await single.addScene(at('plant', 'other.ply'));
  expect(await single.replacedBy(at('plant', 'meta.json'))).toBe(at('plant', 'other.ply'));
  expect(await single.replacedBy(at('elsewhere', 'meta.json'))).toBeUndefined();
});
