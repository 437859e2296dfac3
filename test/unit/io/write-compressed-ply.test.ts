import { expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { encodeWhole } from '../../encoded-bytes.ts';

const open = (name: string, bytes = dataBytes(`cases/${name}`)): Promise<SplatScene> =>
  readScene(sourceFromBytes(name, bytes));

it.each([
  ['floaters_2.ply', '254 splats without opacity were added beside 2 that stand far from the rest.'],
  ['floaters_30.ply', '226 splats without opacity were added beside 30 that stand far from the rest.'],
])('strays of %s are kept and take nothing from the others', async (name, note) => {
  const scene = await open(name);
  const { bytes, splats, notes } = await encodeWhole(scene, 'compressed-ply');
  const base = await encodeWhole(await open('base.ply'), 'compressed-ply');
  expect({ splats, notes }).toEqual({ splats: 256 + 984, notes: [note] });
  const back = await open('a.ply', bytes);
  expect(back.count).toBe(256 + 984);
  expect(back.positions.subarray(3 * 256)).toEqual((await open('b.ply', base.bytes)).positions);
  const reaches = (some: SplatScene): number[] =>
    Array.from({ length: some.count }, (_, row) => row)
      .filter((row) => some.logitOpacities[row] > -10)
      .map((row) => Math.hypot(...some.positions.subarray(3 * row, 3 * row + 3)))
      .filter((reach) => reach > 100)
      .sort((a, b) => a - b);
  const [kept, wanted] = [reaches(back), reaches(scene)];
  expect(wanted.length).toBe(scene.count - 984);
  expect(kept.length).toBe(wanted.length);
  wanted.forEach((reach, i) => expect(kept[i] / reach).toBeCloseTo(1, 2));
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
  const filling = 3 * 256 - 600;
  expect(splats).toBe(count + filling);
  expect(notes).toHaveLength(1);
  const back = await open('a.ply', bytes);
  expect(back.count).toBe(splats);
  const far = Array.from({ length: splats }, (_, i) => i).filter((i) => back.positions[3 * i] > 1000);
  expect(far).toHaveLength(600 + filling);
  expect(far.filter((i) => back.logitOpacities[i] < -10)).toHaveLength(filling);
  const near = back.positions.subarray(3 * 256 * 3).map(Math.abs);
  expect(Math.max(...near)).toBeLessThan(1.2);
});
