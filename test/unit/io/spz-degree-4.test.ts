import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { encodeWhole } from '../../encoded-bytes.ts';
import { randomScene } from './fixtures.ts';

const COUNT = 984;
const open = (name: string, bytes: Uint8Array): Promise<SplatScene> => readScene(sourceFromBytes(name, bytes));
/** Harmonics of degree 4 as bytes, 72 a splat. */
const HARMONICS = Uint8Array.from({ length: COUNT * 72 }, (_, i) => (i * 37 + (i >> 9)) % 256);
/** What is kept of them, as numbers. */
const KEPT = Float32Array.from({ length: COUNT * 45 }, (_, i) => {
  const [row, k] = [Math.floor(i / 45), i % 45];
  return (HARMONICS[row * 72 + k] - 128) / 128;
});

/** A zstd frame that holds bytes as they are. */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...new Uint8Array(Uint32Array.of(bytes.length).buffer)),
  ];
  for (let at = 0; at < bytes.length; at += 131_072) {
    const block = bytes.subarray(at, at + 131_072);
    const head = (at + 131_072 >= bytes.length ? 1 : 0) | (block.length << 3);
    parts.push(Uint8Array.of(head, head >> 8, head >> 16), block);
  }
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** A file of version 4 without harmonics, with those of degree 4. */
function version4(base: Uint8Array): Uint8Array {
  const table = new DataView(base.buffer, base.byteOffset).getUint32(16, true);
  const streams = stored(HARMONICS);
  const row = new BigUint64Array([BigInt(streams.length), BigInt(HARMONICS.length)]);
  const file = Uint8Array.from([
    ...base.subarray(0, table + 5 * 16),
    ...new Uint8Array(row.buffer),
    ...base.subarray(table + 5 * 16),
    ...streams,
  ]);
  file[12] = 4;
  file[15] = 6;
  return file;
}

it('version 4 is read without the highest harmonics, and says so', async () => {
  const base = dataBytes('cases/v4_says_rub.spz');
  const [plain, scene] = [await open('a.spz', base), await open('a.spz', version4(base))];
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
  const file = version4(dataBytes('cases/v4_says_rub.spz'));
  file[12] = 5;
  await expect(open('a.spz', file)).rejects.toThrow(/degree 5 are beyond the 4/);
});
