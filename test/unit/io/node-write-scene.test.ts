import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileContent } from '../../../renderer/io/file-content.ts';
import { contentOfBytes } from '../../../renderer/io/file-content.ts';
import { PendingScene, placeOfScene, writeSceneAtomically } from '../../../renderer/io/node-write-scene.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'splatformer-scene-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const content = (text: string): FileContent => contentOfBytes(bytes(text));
const text = (...names: string[]): Promise<string> => readFile(join(folder, ...names), 'utf8');
const names = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/')).sort();

const sog = (tag: string) => ({ content: content(tag), beside: [{ path: 'means_l.webp', bytes: bytes(`${tag}l`) }] });
const gltf = (tag: string) => ({
  content: content(`{"buffers":[{"uri":"plant-${tag}.bin"}]}`),
  beside: [{ path: `plant-${tag}.bin`, bytes: bytes(tag) }],
});

describe('a folder', () => {
  const meta = (): string => join(folder, 'plant', 'meta.json');

  it('appears whole, also in the place of an empty one and of a scene before it', async () => {
    await writeSceneAtomically(meta(), sog('one'));
    expect(await names()).toEqual(['plant', 'plant/means_l.webp', 'plant/meta.json']);
    await writeSceneAtomically(meta(), { content: content('two') }, { overwrite: true });
    expect(await names()).toEqual(['plant', 'plant/meta.json']);
    expect(await text('plant', 'meta.json')).toBe('two');
    await mkdir(join(folder, 'empty'));
    const levels = [{ path: '0_0/meta.json', bytes: bytes('finest') }];
    await writeSceneAtomically(join(folder, 'empty', 'lod-meta.json'), { content: content('lod'), beside: levels });
    expect(await text('empty', '0_0', 'meta.json')).toBe('finest');
    // And levels in the place of levels.
    await writeSceneAtomically(join(folder, 'empty', 'lod-meta.json'), sog('flat'), { overwrite: true });
    expect(await names()).toContain('empty/means_l.webp');
    expect(await names()).not.toContain('empty/0_0');
  });

  it('is left as it is where nobody allowed to replace it', async () => {
    await writeSceneAtomically(meta(), sog('one'));
    await expect(writeSceneAtomically(meta(), sog('two'))).rejects.toMatchObject({
      message: 'plant exists already and was left as it is.',
    });
    expect(await text('plant', 'meta.json')).toBe('one');
    expect(await names()).toEqual(['plant', 'plant/means_l.webp', 'plant/meta.json']);
  });

  it.each(['photo.jpg', 'means_l.webp', '0_0/notes.txt', 'sub/meta.json', '.hidden'])(
    'that holds %s of someone else is never replaced',
    async (name) => {
      const path = join(folder, 'plant', name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, 'precious');
      await expect(writeSceneAtomically(meta(), sog('one'), { overwrite: true })).rejects.toMatchObject({
        code: 'io',
        message: expect.stringMatching(/^The folder plant holds other files, such as .+, and was left as it is\.$/),
      });
      expect(await readFile(path, 'utf8')).toBe('precious');
      expect((await readdir(folder)).length).toBe(1);
    },
  );

  it('is not made where a file has its name', async () => {
    await writeFile(join(folder, 'plant'), 'precious');
    await expect(writeSceneAtomically(meta(), sog('one'), { overwrite: true })).rejects.toMatchObject({ code: 'io' });
    expect(await text('plant')).toBe('precious');
  });

  it('that is given up leaves nothing', async () => {
    const pending = await PendingScene.open(meta());
    await pending.write(bytes('half'));
    await pending.writeBeside('0_0/means_l.webp', bytes('half'));
    expect(await names()).not.toContain('plant');
    await pending.discard();
    expect(await names()).toEqual([]);
  });

  it('keeps the scene before it where someone adds a file meanwhile', async () => {
    await writeSceneAtomically(meta(), sog('one'));
    const pending = await PendingScene.open(meta());
    await pending.write(bytes('two'));
    await writeFile(join(folder, 'plant', 'notes.txt'), 'precious');
    await expect(pending.commit({ overwrite: true })).rejects.toMatchObject({ code: 'io' });
    expect(await text('plant', 'meta.json')).toBe('one');
    expect(await text('plant', 'notes.txt')).toBe('precious');
    expect(await readdir(folder)).toEqual(['plant']);
  });
});

describe('a .gltf', () => {
  const path = (): string => join(folder, 'plant.gltf');

  it('comes with its numbers, and takes those of the one before along', async () => {
    await writeSceneAtomically(path(), gltf('aaaaaaaa'));
    await writeFile(join(folder, 'other-bbbbbbbb.bin'), 'precious');
    await writeSceneAtomically(path(), gltf('cccccccc'), { overwrite: true });
    expect(await names()).toEqual(['other-bbbbbbbb.bin', 'plant-cccccccc.bin', 'plant.gltf']);
    // Again the same, which must not remove what it just named.
    await writeSceneAtomically(path(), gltf('cccccccc'), { overwrite: true });
    expect(await names()).toContain('plant-cccccccc.bin');
  });

  it('leaves numbers that another .gltf names', async () => {
    await writeSceneAtomically(path(), gltf('aaaaaaaa'));
    await writeFile(join(folder, 'copy.gltf'), await text('plant.gltf'));
    await writeSceneAtomically(path(), gltf('cccccccc'), { overwrite: true });
    expect(await text('plant-aaaaaaaa.bin')).toBe('aaaaaaaa');
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe beside it, which may name anything', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.gltf')]);
    await writeSceneAtomically(join(folder, 'plant.gltf'), gltf('00000001'));
    await writeSceneAtomically(join(folder, 'plant.gltf'), gltf('00000002'), { overwrite: true });
    expect(await names()).toEqual(['pipe.gltf', 'plant-00000001.bin', 'plant-00000002.bin', 'plant.gltf']);
  });

  it('and its numbers are gone where it may not be replaced', async () => {
    await writeSceneAtomically(path(), gltf('aaaaaaaa'));
    await expect(writeSceneAtomically(path(), gltf('cccccccc'))).rejects.toMatchObject({ code: 'io' });
    expect(await names()).toEqual(['plant-aaaaaaaa.bin', 'plant.gltf']);
  });
});

it('knows what appears on disk', () => {
  expect(placeOfScene(join(folder, 'a', 'lod-meta.json'))).toBe(join(folder, 'a'));
  expect(placeOfScene(join(folder, 'a.gltf'))).toBe(join(folder, 'a.gltf'));
});
