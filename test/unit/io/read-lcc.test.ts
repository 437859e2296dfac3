import { expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { libraryFolder, loadLibrary, sceneFromChunks } from '../../../renderer/io/library.ts';
import { sourceFromFiles } from '../../../renderer/io/source.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { randomScene, rowsByOpacity, tagged } from './fixtures.ts';
import { lccEnvironmentOf, lccOf } from './lcc-files.ts';
import type { Files, Unit } from './lcc-files.ts';

function open(files: Files, name: string): Promise<SplatScene> {
  return readScene(sourceFromFiles(name, files));
}

/** A scene whose quaternions have w as their largest part, small as LCC's range of scales. */
function small(count: number): SplatScene {
  const scene = randomScene(count, 3);
  for (let i = 0; i < scene.quats.length; i += 4) scene.quats[i] = 1.5;
  return scene;
}

const rows = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);

it('reads an LCC scene, harmonics and all, as it stands: +z up', async () => {
  const scene = small(60);
  const back = await open(lccOf(scene, [[rows(0, 60)]]), 'a.lcc');
  expect(back).toMatchObject({ count: 60, shDegree: 3, meta: { format: 'lcc', up: 'z', name: 'a.lcc' } });
  expect(back.positions).toEqual(scene.positions);
  const close = (name: 'shRest' | 'shDc' | 'quats' | 'logScales', within: number): void => {
    const of = ({ [name]: values }: SplatScene, i: number): number =>
      name === 'quats' ? values[i] / Math.hypot(...values.subarray(i - (i % 4), i - (i % 4) + 4)) : values[i];
    scene[name].forEach((_, i) => expect(Math.abs(of(back, i) - of(scene, i)), `${name} ${i}`).toBeLessThan(within));
  };
  close('shRest', 0.001);
  close('shDc', 0.008);
  close('quats', 0.003);
  close('logScales', 0.05);
});

it('takes of each unit its finest level that has splats', async () => {
  const scene = small(60);
  const units: Unit[] = [
    [rows(0, 20), rows(20, 30)],
    [[], rows(30, 45)],
  ];
  const back = await open(lccOf(scene, units), 'a.lcc');
  expect(back.count).toBe(35);
  expect(back.positions.subarray(3 * 20)).toEqual(scene.positions.subarray(3 * 30, 3 * 45));
  const portable = lccOf(scene, units, 'Portable');
  delete portable['shcoef.bin'];
  expect(await open(portable, 'a.lcc')).toMatchObject({ count: 35, shDegree: 0 });
});

it('takes what stands around an LCC scene along, by ranges of its own', async () => {
  const [scene, around] = [small(40), small(25)];
  around.shRest.set(around.shRest.map((value) => 1.4 * value));
  for (const [fileType, shDegree] of [
    ['Quality', 3],
    ['Portable', 0],
  ] as const) {
    const files = lccOf(scene, [[rows(0, 40)]], fileType);
    if (fileType === 'Portable') delete files['shcoef.bin'];
    files['environment.bin'] = lccEnvironmentOf(around, fileType);
    const back = await open(files, 'a.lcc');
    expect(back).toMatchObject({ count: 65, shDegree, meta: { format: 'lcc', up: 'z', name: 'a.lcc' } });
    expect(back.positions.subarray(3 * 40)).toEqual(around.positions);
    const apart = (values: Float32Array, wanted: Float32Array): number =>
      wanted.reduce((most, value, i) => Math.max(most, Math.abs(values[i] - value)), 0);
    expect(apart(back.logScales.subarray(3 * 40), around.logScales)).toBeLessThan(0.1);
    if (shDegree === 3) expect(apart(back.shRest.subarray(45 * 40), around.shRest)).toBeLessThan(0.002);
  }
  const none = { ...lccOf(scene, [[rows(0, 40)]]), 'environment.bin': new Uint8Array(0) };
  expect((await open(none, 'a.lcc')).count).toBe(40);
});

it("takes XGRIDS' commas too many", async () => {
  const files = lccOf(small(40), [[rows(0, 40)]]);
  const text = new TextDecoder().decode(files['a.lcc']);
  files['a.lcc'] = new TextEncoder().encode(text.replace(/\}$/, ',}'));
  expect((await open(files, 'a.lcc')).count).toBe(40);
});

it.each([
  ['surroundings that are cut off', (files: Files) => (files['environment.bin'] = new Uint8Array(97)), 'invalid-file'],
  [
    'an index of half a unit',
    (files: Files) => (files['index.bin'] = files['index.bin'].subarray(0, 11)),
    'invalid-file',
  ],
  [
    'data that is cut off',
    (files: Files) => (files['data.bin'] = files['data.bin'].subarray(0, 900)),
    'truncated-file',
  ],
  ['harmonics that are cut off', (files: Files) => (files['shcoef.bin'] = new Uint8Array(64)), 'truncated-file'],
  ['a count below zero', (files: Files) => files['index.bin'].fill(255, 4, 8), 'invalid-file'],
  ['no ranges', (files: Files) => (files['a.lcc'] = new TextEncoder().encode('{"totalLevel":1}')), 'invalid-file'],
])('refuses %s', async (_, damage, code) => {
  const files = lccOf(small(40), [[rows(0, 40)]]);
  damage(files);
  await expect(open(files, 'a.lcc')).rejects.toMatchObject({ code });
});

it('reads an LCC2 scene: the finest node of each branch, and the surroundings', async () => {
  const parts = [tagged(50, 1), tagged(60, 1), tagged(70, 1), tagged(30, 1)];
  const files: Files = {};
  for (const [at, part] of parts.entries()) files[`3dgs/${at}.sog`] = await encodedBytes(part, 'sog');
  const leaf = (name: number, child: object | null = null) => ({ data: { '3dgs': { name, count: 1 } }, child });
  const description = {
    totalLevels: 2,
    totalSplats: 150,
    lodSplats: [100, 50],
    splatType: '.sog',
    root: {
      splatFiles: Object.keys(files),
      data: { env: { name: 3 }, mesh: 'no splats' },
      // A list, or by names.
      child: { '0': leaf(0, [leaf(1)]), '1': leaf(2) },
    },
  };
  // As their programs write it: with a comma too many.
  files['meta.lcc2'] = new TextEncoder().encode(JSON.stringify(description).replace(/\}$/, ',}'));
  const back = await open(files, 'meta.lcc2');
  expect(back).toMatchObject({ count: 60 + 70 + 30, shDegree: 1, meta: { format: 'lcc2', up: 'z' } });
  const first = rowsByOpacity(parts[1])[0];
  const nearest = rows(0, 60).reduce((least, row) => {
    const apart = [0, 1, 2].map((k) => back.positions[3 * row + k] - parts[1].positions[3 * first + k]);
    return Math.min(least, Math.hypot(...apart));
  }, Infinity);
  expect(nearest).toBeLessThan(0.01);
});

it("reads the same splats of an LCC2 scene as the library's reader, old names of fields included", async () => {
  const parts = [tagged(50, 1), tagged(40, 1)];
  const files: Files = {};
  for (const [at, part] of parts.entries()) files[`3dgs/${at}.sog`] = await encodedBytes(part, 'sog');
  const child = [0, 1].map((name) => ({ data: { '3dgs': { name, count: parts[name].count } } }));
  const descriptions = [
    { totalLevels: 1, totalSplats: 90, lodSplats: [90], root: { splatFiles: Object.keys(files), child } },
    { lod_level: 1, total_splats: 90, lod_3dgs_info: [90], root: { files: ['/3dgs/0', '/3dgs/1'], child } },
  ];
  const lib = await loadLibrary();
  for (const description of descriptions) {
    files['meta.lcc2'] = new TextEncoder().encode(JSON.stringify(description));
    const back = await open(files, 'meta.lcc2');
    const [chunks] = await lib.readFile({
      filename: 'meta.lcc2',
      inputFormat: 'lcc2',
      fileSystem: libraryFolder(lib, sourceFromFiles('meta.lcc2', files), 'meta.lcc2'),
      options: { lodSelect: [0] },
    });
    const theirs = await sceneFromChunks(lib, chunks, back.meta, {});
    await chunks.close();
    expect(back.count).toBe(90);
    expect(back.positions).toEqual(theirs.positions);
    expect(back.shRest).toEqual(theirs.shRest);
  }
});
