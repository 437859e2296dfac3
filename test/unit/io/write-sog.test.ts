import { describe, expect, it } from 'vitest';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { shRestCount } from '../../../renderer/core/splat-scene.ts';
import { loadLibrary } from '../../../renderer/io/library.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { encodeWhole, encodedSource } from '../../encoded-bytes.ts';
import { randomScene, rowsByOpacity, tagged } from './fixtures.ts';

/** Largest difference of an array between matching splats. */
function worst(a: SplatScene, b: SplatScene, key: 'positions' | 'logScales' | 'shDc' | 'shRest'): number {
  const [ours, theirs] = [rowsByOpacity(a), rowsByOpacity(b)];
  const width = a[key].length / a.count;
  let most = 0;
  for (let i = 0; i < a.count; i++)
    for (let k = 0; k < width; k++)
      most = Math.max(most, Math.abs(a[key][ours[i] * width + k] - b[key][theirs[i] * width + k]));
  return most;
}

describe.each(['sog', 'sog-folder'] as const)('%s', (format) => {
  it.each([0, 3] as ShDegree[])('round trip within its steps, SH degree %d', async (degree) => {
    const scene = tagged(200, degree);
    const encoded = await encodeWhole(scene, format);
    const back = await readScene(await encodedSource(encoded));
    expect(back).toMatchObject({ count: 200, shDegree: degree, meta: { format: 'sog', up: '-y', antialiased: false } });
    expect(worst(scene, back, 'positions')).toBeLessThan(0.002);
    expect(worst(scene, back, 'logScales')).toBeLessThan(0.03);
    expect(worst(scene, back, 'shDc')).toBeLessThan(0.02);
    // Every splat has a set of its own: only the codebook of 256 numbers rounds.
    if (degree > 0) expect(worst(scene, back, 'shRest')).toBeLessThan(0.01);
  });
});

it('is what the library itself reads', async () => {
  const scene = tagged(100, 2);
  const { bytes } = await encodeWhole({ ...scene, meta: { ...scene.meta, antialiased: true } }, 'sog', {
    comment: 'x',
  });
  const lib = await loadLibrary();
  const fileSystem = new lib.MemoryReadFileSystem();
  fileSystem.set('a.sog', bytes);
  const [source] = await lib.readFile({ filename: 'a.sog', inputFormat: 'sog', fileSystem });
  expect(source.meta).toMatchObject({ numGaussians: 100, shBands: 2, model: 'antialiased' });
});

it('turns a scene of another up axis to stand as SOG does', async () => {
  const scene = tagged(50, 1);
  const standing = { ...scene, meta: { ...scene.meta, up: 'y' as const, format: 'spz' } };
  const back = await readScene(await encodedSource(await encodeWhole(standing, 'sog')));
  const [ours, theirs] = [rowsByOpacity(scene)[7], rowsByOpacity(back)[7]];
  const place = (s: SplatScene, row: number): number[] => [...s.positions.subarray(3 * row, 3 * row + 3)];
  const [x, y, z] = place(scene, ours);
  place(back, theirs).forEach((value, k) => expect(value).toBeCloseTo([x, -y, -z][k], 2));
});

it('shares sets of harmonics where there are more splats than sets', async () => {
  const scene = tagged(1500, 1);
  const twins = scene.shRest.map((_, at) => scene.shRest[at % (700 * 3 * shRestCount(1))]);
  const back = await readScene(await encodedSource(await encodeWhole({ ...scene, shRest: twins }, 'sog')));
  expect(new Set(back.shRest.filter((_, at) => at % 9 === 0)).size).toBeLessThan(1024);
  const all = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(all(back.shRest)).toBeCloseTo(all(twins), 3);
});

it('leaves out strays that would coarsen all others, and says so', async () => {
  const scene = randomScene(300, 0);
  const tiny = {
    ...scene,
    positions: scene.positions.map((v) => v / 1e3),
    logScales: scene.logScales.map((v) => v - 7),
  };
  tiny.positions.fill(5e5, 0, 3);
  const encoded = await encodeWhole(tiny, 'sog');
  expect(encoded.notes).toEqual(['One splat far from all others was left out, to keep the rest in place.']);
  expect(encoded.splats).toBe(299);
  const back = await readScene(await encodedSource(encoded));
  expect(back.positions.every((value) => Math.abs(value) < 0.011)).toBe(true);
});
