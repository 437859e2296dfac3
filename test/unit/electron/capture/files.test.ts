import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { admitCameras, findPhotos, listPhotos } from '../../../../electron/capture/files.ts';
import { FileTable } from '../../../../electron/files/files.ts';
import { photoPathsIn, photosIn } from '../../../../electron/capture/photo-folder.ts';

let folder = '';
let files = new FileTable();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-capture-'));
  files = new FileTable();
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, basename(path));
  return full;
}

/** Paths of the found photos relative to the test's folder. */
async function found(from: string, names: string[]): Promise<(string | null)[]> {
  const photos = await findPhotos(join(folder, from), names, files);
  return photos.map((photo) => (photo === null ? null : files.pathOf(photo.id).slice(folder.length + 1)));
}

describe('photos near a camera file', () => {
  it.each([
    ['.', 'images/a.png', 'images/a.png'],
    ['.', './train/r_0', 'train/r_0.PNG'],
    ['.', 'a', 'images/a.jpeg'],
    ['sparse/0', 'left/a.jpg', 'images/left/a.jpg'],
    ['sparse', 'a.webp', 'images/a.webp'],
    ['colmap/sparse', 'images/a.png', 'images/a.png'],
  ])('from %s, %s is %s', async (from, name, path) => {
    put(path);
    mkdirSync(join(folder, from), { recursive: true });
    expect(await found(from, [name, 'nowhere.png'])).toEqual([path, null]);
  });

  it('are found where most of them lie, also where the first ones were left out', async () => {
    const names = Array.from({ length: 100 }, (_, k) => `IMG_${k}.jpg`);
    for (const name of names.slice(10)) put(`images/${name}`);
    put('IMG_50.jpg');
    const paths = await found('.', names);
    expect(paths.slice(0, 10)).toEqual(Array<null>(10).fill(null));
    expect(paths.slice(10)).toEqual(names.slice(10).map((name) => `images/${name}`));
  });

  it('are found whatever slashes, accents, case and ending their names have', async () => {
    for (const path of ['images/cafe\u0301.png', 'images/IMG_1.jpeg', 'images/b.PNG']) put(path);
    const names = ['images\\caf\u00e9.png', 'images/IMG_1.HEIC', 'images/B.png'];
    expect(await found('.', names)).toEqual(['images/cafe\u0301.png', 'images/IMG_1.jpeg', 'images/b.PNG']);
  });

  it('are found in folders of other case and accents', async () => {
    for (const path of ['Images/Re\u0301gion/a.png', 'Images/Re\u0301gion/b.png']) put(path);
    expect(await found('.', ['r\u00e9gion\\A.png', 'r\u00e9gion/b.png'])).toEqual([
      'Images/Re\u0301gion/a.png',
      'Images/Re\u0301gion/b.png',
    ]);
  });

  it('and their cameras are found beside each other whatever their case', async () => {
    const images = put('IMAGES.TXT');
    put('CAMERAS.TXT');
    const { name, neighbours } = await admitCameras(images, files);
    expect(name).toBe('IMAGES.TXT');
    expect(neighbours.map((neighbour) => neighbour.name)).toEqual(['CAMERAS.TXT']);
  });

  it('that are there, but in no format that is read here, are said to be', async () => {
    put('images/IMG_1.HEIC');
    await expect(found('.', ['IMG_1.HEIC'])).rejects.toThrow(/are there, but can't be read here: they are HEIC/);
    await expect(photosIn(join(folder, 'images'))).rejects.toMatchObject({ code: 'unsupported-feature' });
  });

  it('are never outside of the place that is searched, and never something else', async () => {
    put('secret/a.png');
    put('capture/images/a.png');
    put('capture/images/key.pem');
    expect(
      await found('capture', ['a', '../../secret/a.png', join(folder, 'secret/a.png'), 'key.pem', '', '..']),
    ).toEqual(['capture/images/a.png', null, null, null, null, null]);
    expect(await found('capture', [])).toEqual([]);
  });
});

it('a folder is listed with all below it', async () => {
  for (const path of ['b.PNG', 'sub/deep/a.jpg', 'notes.txt', '.hidden/c.png']) put(path);
  symlinkSync(join(folder, 'nowhere.png'), join(folder, 'broken.png'));
  const photos = await listPhotos(folder, files);
  expect(photos.map(({ path }) => path)).toEqual(['.hidden/c.png', 'b.PNG', 'sub/deep/a.jpg']);
  expect(photos[2]).toMatchObject({ name: 'a.jpg', size: 5 });
  expect(new TextDecoder().decode(await files.read(photos[1].id, 0, 9))).toBe('b.PNG');
  await files.close(photos[1].id);
  await expect(photosIn(join(folder, 'missing'))).rejects.toMatchObject({ code: 'io' });
});

it('a folder of more files than captures have is no folder of photos', async () => {
  put('images/a.png');
  put('images/of/b.png');
  await expect(photosIn(join(folder, 'images'))).resolves.toEqual(['a.png', 'of/b.png']);
  for (let k = 0; k < 5; k++) put(`images/of/${k}.txt`);
  await expect(photoPathsIn(join(folder, 'images'), 5)).rejects.toThrow('The folder images holds more than 5 files.');
});

it('a camera file comes with the others that belong to it', async () => {
  const images = put('sparse/images.bin');
  put('sparse/cameras.bin');
  put('sparse/points3D.bin');
  const { name, neighbours } = await admitCameras(images, files);
  expect([name, neighbours.map((neighbour) => neighbour.name)]).toEqual(['images.bin', ['cameras.bin']]);
  const transforms = put('export/transforms.json');
  put('export/dataparser_transforms.json');
  expect((await admitCameras(transforms, files)).neighbours.map((neighbour) => neighbour.name)).toEqual([
    'dataparser_transforms.json',
  ]);
  await expect(admitCameras(join(folder, 'nowhere.json'), files)).rejects.toMatchObject({ code: 'io' });
});
