import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { encodeWhole } from '../../encoded-bytes.ts';
import { randomScene } from './fixtures.ts';
import { withDegree4 } from './spz-files.ts';

const COUNT = 984;
const open = (name: string, bytes: Uint8Array): Promise<SplatScene> => readScene(sourceFromBytes(name, bytes));
/** Harmonics of degree 4 as bytes, 72 a splat. */
const HARMONICS = Uint8Array.from({ length: COUNT * 72 }, (_, i) => (i * 37 + (i >> 9)) % 256);
/** What is kept of them, as numbers. */
const KEPT = Float32Array.from({ length: COUNT * 45 }, (_, i) => {
  const [row, k] = [Math.floor(i / 45), i % 45];
  return (HARMONICS[row * 72 + k] - 128) / 128;
});

it('version 4 is read without the highest harmonics, and says so', async () => {
  const base = dataBytes('cases/v4_says_rub.spz');
  const [plain, scene] = [await open('a.spz', base), await open('a.spz', withDegree4(base, HARMONICS))];
  expect(scene.shDegree).toBe(3);
  expect(scene.meta).toEqual({ ...plain.meta, degreeInFile: 4 });
  for (const name of ['positions', 'logScales', 'quats', 'logitOpacities', 'shDc'] as const)
    expect(scene[name], name).toEqual(plain[name]);
  expect(scene.shRest).toEqual(KEPT);
  expect((await encodeWhole(scene, 'inria-ply')).notes).toEqual([expect.stringMatching(/^Harmonics of degree 4/)]);
});

it.each([2, 3])('version %i is, too', async (version) => {
  const spz = gunzipSync((await encodeWhole(randomScene(COUNT, 0), 'spz')).bytes).subarray(0, 16 + COUNT * 20);
  const turns = 16 + COUNT * 16;
  const base =
    version === 3 ? spz : Uint8Array.from([...spz.subarray(0, turns), ...spz.subarray(turns, turns + 3 * COUNT)]);
  base[4] = version;
  const degree4 = Uint8Array.from([...base, ...HARMONICS]);
  // Without extensions.
  degree4[14] = base[14] = 0;
  degree4[12] = 4;
  const [plain, scene] = [await open('a.spz', gzipSync(base)), await open('a.spz', gzipSync(degree4))];
  expect(scene.quats).toEqual(plain.quats);
  expect(scene.positions).toEqual(plain.positions);
  expect(scene.shRest).toEqual(KEPT);
  expect(scene.meta.degreeInFile).toBe(4);
});

it('a higher one is refused', async () => {
  const file = withDegree4(dataBytes('cases/v4_says_rub.spz'), HARMONICS);
  file[12] = 5;
  await expect(open('a.spz', file)).rejects.toThrow(/degree 5 are beyond the 4/);
});
