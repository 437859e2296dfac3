import { expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { encodeWhole } from '../../encoded-bytes.ts';

const open = (name: string, bytes = dataBytes(`cases/${name}`)): Promise<SplatScene> =>
  readScene(sourceFromBytes(name, bytes));

it.each([
  ['floaters_2.ply', '2 splats far from all others were left out, to keep the rest in place.'],
  ['floaters_30.ply', '30 splats far from all others were left out, to keep the rest in place.'],
])('strays of %s take nothing from the others', async (name, note) => {
  const { bytes, splats, notes } = await encodeWhole(await open(name), 'compressed-ply');
  const base = await encodeWhole(await open('base.ply'), 'compressed-ply');
  expect({ splats, notes }).toEqual({ splats: 984, notes: [note] });
  expect((await open('a.ply', bytes)).positions).toEqual((await open('b.ply', base.bytes)).positions);
});

it('strays that fill chunks are kept in chunks of their own', async () => {
  const base = await open('base.ply');
  const count = 12_000;
  const positions = new Float32Array(count * 3);
  const many = (values: Float32Array, width: number): Float32Array =>
    Float32Array.from({ length: count * width }, (_, i) => values[i % (984 * width)]);
  positions.set(many(base.positions, 3));
  // The last 600 stand 3,000 units away.
  for (let i = (count - 600) * 3; i < count * 3; i++) positions[i] += 3000;
  const scene: SplatScene = {
    ...base,
    count,
    positions,
    logScales: many(base.logScales, 3),
    quats: many(base.quats, 4),
    logitOpacities: many(base.logitOpacities, 1),
    shDc: many(base.shDc, 3),
  };
  const { bytes, splats, notes } = await encodeWhole(scene, 'compressed-ply');
  const left = 600 % 256;
  expect(splats).toBe(count - left);
  expect(notes).toHaveLength(1);
  const back = await open('a.ply', bytes);
  expect(back.count).toBe(splats);
  const far = Array.from({ length: splats }, (_, i) => i).filter((i) => back.positions[3 * i] > 1000);
  expect(far).toHaveLength(600 - left);
  const near = back.positions.subarray(512 * 3).map(Math.abs);
  expect(Math.max(...near)).toBeLessThan(1.2);
});
