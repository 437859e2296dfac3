import { expect, it } from 'vitest';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { openRanges, readScene } from '../../../renderer/io/read-scene.ts';
import { rangesOf } from '../../../renderer/io/scene-ranges.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { dataBytes } from '../../test-data.ts';
import { bitsOf, randomScene } from './fixtures.ts';

it.each(['base.ply', '2dgs.ply', 'filter3d.ply', 'labels.ply', 'utm_double.ply'])(
  'ranges of %s are the rows of the whole scene',
  async (name) => {
    const source = sourceFromBytes(name, dataBytes(`cases/${name}`));
    const [ranges, whole] = [await openRanges(source), await readScene(source)];
    expect(ranges).toMatchObject({ count: whole.count, shDegree: whole.shDegree, meta: whole.meta });
    const [part, same] = [await ranges.read(300, 41), await rangesOf(whole).read(300, 41)];
    for (const array of SCENE_ARRAYS) expect(Buffer.compare(bitsOf(part[array]), bitsOf(same[array])), array).toBe(0);
    for (const column of same.extra ?? []) expect(part.extra).toContainEqual(column);
  },
);

it('a file whose content lies beyond 4 GiB is read where it lies', async () => {
  // Rows stand as often as they fit; only what is asked for is ever made.
  const scene = randomScene(1, 3);
  const file = await encodedBytes(scene, 'inria-ply');
  const text = new TextDecoder('latin1').decode(file);
  const end = text.indexOf('end_header\n') + 'end_header\n'.length;
  const row = file.subarray(end);
  const count = 20_000_000;
  const header = new TextEncoder().encode(
    text.slice(0, end).replace('element vertex 1\n', `element vertex ${count}\n`),
  );
  const size = header.length + count * row.length;
  const read = (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(Math.min(length, size - offset));
    for (let i = 0; i < bytes.length; i++) {
      const at = offset + i;
      bytes[i] = at < header.length ? header[at] : row[(at - header.length) % row.length];
    }
    return Promise.resolve(bytes);
  };
  expect(size).toBeGreaterThan(2 ** 32);
  const ranges = await openRanges({ name: 'large.ply', size, read });
  expect(ranges.count).toBe(count);
  const last = await ranges.read(count - 3, 3);
  expect(last.shRest.subarray(45 * 2)).toEqual(scene.shRest);
});
