import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { isModelWithoutSplats } from '../../../../electron/files/gltf-look.ts';
import { filesBeside, sceneTitle } from '../../../../electron/files/scene-files.ts';
import { findScenes, modelsNote } from '../../../../electron/files/scene-inputs.ts';
import { dataPath } from '../../../test-data.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'splatformer-files-'))));
afterEach(() => rm(folder, { recursive: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), '');
  }
}

const beside = async (name: string): Promise<string[]> =>
  (await filesBeside(join(folder, name))).map((path) => relative(folder, path).replaceAll('\\', '/')).sort();

it('finds what belongs to a description, and nothing else', async () => {
  await put(
    'plant/a.lcc',
    'plant/index.bin',
    'plant/data.bin',
    'plant/shcoef.bin',
    'plant/environment.bin',
    'plant/cameras.bin',
    'plant/x.webp',
  );
  const parts = ['data', 'environment', 'index', 'shcoef'].map((part) => `plant/${part}.bin`);
  expect(await beside('plant/a.lcc')).toEqual(parts);
  await put('two/meta.lcc2', 'two/3dgs/0.sog', 'two/3dgs/1.spz', 'two/notes.txt');
  expect(await beside('two/meta.lcc2')).toEqual(['two/3dgs/0.sog', 'two/3dgs/1.spz']);
  expect(sceneTitle(join(folder, 'two', 'meta.lcc2'))).toBe('two');
});

it('gives the page the buffers that a .gltf names, inside of its folder alone', async () => {
  await put('a place-1.bin', 'cameras.bin', 'sub/b.bin', '../outside-of-it.bin');
  const buffers = ['a%20place-1.bin', 'SUB\\b.BIN', '../outside-of-it.bin', '%2e%2e/outside-of-it.bin', 'gone.bin'];
  const uris = [...buffers, 'data:application/octet-stream;base64,AAAA'].map((uri) => ({ uri }));
  await writeFile(join(folder, 'scene.gltf'), JSON.stringify({ asset: { version: '2.0' }, buffers: uris }));
  expect(await beside('scene.gltf')).toEqual(['a place-1.bin', 'sub/b.bin']);
  await rm(join(folder, '../outside-of-it.bin'));
});

it('the window opens a folder with one .gltf as the command line does', async () => {
  const files = new FileTable();
  const scene = await files.admitScene(dataPath('cases/khr_gltf'));
  expect(scene.name).toBe('scene.gltf');
  expect(scene.neighbours).toHaveLength(1);
  await put('empty/notes.txt');
  await expect(files.admitScene(join(folder, 'empty'))).rejects.toMatchObject({ code: 'io' });
});

it('leaves out models without splats that a folder holds, and counts them', async () => {
  await cp(dataPath('cases/khr.glb'), join(folder, 'scene.glb'));
  const model = JSON.stringify({ asset: { version: '2.0' }, meshes: [] });
  await writeFile(join(folder, 'chair.gltf'), model);
  const header = Buffer.alloc(20);
  [0x46546c67, 2, 20 + model.length, model.length, 0x4e4f534a].forEach((word, k) => header.writeUInt32LE(word, 4 * k));
  await writeFile(join(folder, 'table.glb'), Buffer.concat([header, Buffer.from(model)]));
  // What can't be read is tried, and fails by name.
  await writeFile(join(folder, 'broken.glb'), 'glTF');
  const options = { recursive: false, except: join(folder, 'out') };
  const found = await findScenes([folder], options);
  expect(found.scenes.map(({ stem }) => stem)).toEqual(['broken', 'scene']);
  expect(found.models).toBe(2);
  expect(modelsNote(2)).toBe('2 glTF models hold no splats and were left out.');
  expect(await isModelWithoutSplats(join(folder, 'scene.glb'))).toBe(false);
  // A file that is named itself is taken at its word.
  expect((await findScenes([join(folder, 'chair.gltf')], options)).scenes).toHaveLength(1);
  await rm(join(folder, 'scene.glb'));
  await rm(join(folder, 'broken.glb'));
  await expect(findScenes([folder], options)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('2 glTF models hold no splats') as string,
  });
});

it.skipIf(process.platform === 'win32')('does not wait for a pipe that is called a .gltf', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.gltf')]);
  await expect(filesBeside(join(folder, 'pipe.gltf'))).rejects.toThrow('is not a file but a device or a pipe.');
});

it('looks for a thousand of the files that a .gltf names, however many that are', async () => {
  await put('first.bin', 'last.bin');
  const uris = ['first.bin', ...Array.from({ length: 200_000 }, (_, k) => `none-${k}.bin`), 'last.bin'];
  await writeFile(join(folder, 'many.gltf'), JSON.stringify({ buffers: uris.map((uri) => ({ uri })) }));
  expect(await beside('many.gltf')).toEqual(['first.bin']);
});
