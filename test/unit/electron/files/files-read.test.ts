import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FilesRead, sidecarOf } from '../../../../electron/files/files-read.ts';
import { ProjectZip } from '../../../../electron/files/project-zip.ts';
import { writeProject } from '../../../../renderer/project/project-schema.ts';
import { projectState } from './project-state.ts';

const STATE = projectState('scan.ply');

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

test('a folder that an input lies in, at whatever depth or behind a link, is never replaced', async () => {
  mkdirSync(at('plant', 'deep', 'er'), { recursive: true });
  writeFileSync(at('plant', 'deep', 'er', 'scan.ply'), 'scan');
  symlinkSync(at('plant', 'deep', 'er', 'scan.ply'), at('link.ply'));
  const read = new FilesRead();
  await read.addScene(at('link.ply'));
  for (const name of [['plant'], ['plant', 'deep'], ['plant', 'deep', 'er']])
    expect(await read.replacedBy(at(...name, 'meta.json'))).toBe(at('link.ply'));
  // The whole disk is not looked through for it.
  expect(await read.replacedBy('/meta.json')).toBe(at('link.ply'));
});

test('the scene of a project is read too, and a project that names itself has none', async () => {
  writeFileSync(at('scan.ply'), 'scan');
  const put = (name: string, scene: string): void => {
    const places = { scene: { absolute: scene } };
    const zip = new ProjectZip();
    writeFileSync(at(name), Buffer.concat(zip.end(writeProject({ app: '0.1.0', places, state: STATE }))));
  };
  put('work.sfproj', at('scan.ply'));
  put('itself.sfproj', at('itself.sfproj'));
  const read = new FilesRead();
  await read.addScene(at('work.sfproj'));
  await read.addScene(at('itself.sfproj'));
  for (const name of ['work.sfproj', 'scan.ply', 'itself.sfproj'])
    await expect(read.assertFree(at(name))).rejects.toMatchObject({ code: 'usage' });
});
