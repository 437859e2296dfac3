import { describe, expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { holdInSpz } from '../../../renderer/io/hold-in-spz.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { randomScene } from './fixtures.ts';
import { encodeWhole } from '../../encoded-bytes.ts';

const open = (name: string, bytes = dataBytes(`cases/${name}`)): Promise<SplatScene> =>
  readScene(sourceFromBytes(name, bytes));

/** Largest distance of a coordinate from where it was, among the first `count` splats, in SPZ's turned frame. */
function largestMove(scene: SplatScene, back: SplatScene, count: number): number {
  let largest = 0;
  for (let i = 0; i < count * 3; i++) {
    const sign = i % 3 === 0 ? 1 : -1;
    largest = Math.max(largest, Math.abs(scene.positions[i] - sign * back.positions[i]));
  }
  return largest;
}

function scaled(scene: SplatScene, factor: number): SplatScene {
  return {
    ...scene,
    positions: scene.positions.map((v) => v * factor),
    logScales: scene.logScales.map((v) => v + Math.log(factor)),
  };
}

describe('what SPZ holds', () => {
  it.each([1, 1e-2, 1e-3])('places to a fraction of a splat in a scene of size %f', async (size) => {
    const scene = scaled(await open('base.ply'), size);
    const { bytes, splats, notes } = await encodeWhole(scene, 'spz');
    expect(splats).toBe(984);
    // One byte holds sizes from 4.5e-5 units.
    expect(notes).toEqual(size < 0.01 ? [expect.stringContaining('smaller than SPZ holds')] : []);
    // The splats are about 0.05 of these units large.
    expect(largestMove(scene, await open('a.spz', bytes), 984)).toBeLessThan((0.05 / 32) * size);
  });

  it('strays take nothing from the others, and are looked at along the same line', async () => {
    const [scene, alone] = [await open('floaters_2.ply'), await open('base.ply')];
    const [withStrays, without] = [await encodeWhole(scene, 'spz'), await encodeWhole(alone, 'spz')];
    const [back, base] = [await open('a.spz', withStrays.bytes), await open('b.spz', without.bytes)];
    expect(back.positions.subarray(0, 984 * 3)).toEqual(base.positions);
    expect(withStrays.splats).toBe(986);
    expect(withStrays.notes).toEqual([expect.stringMatching(/^2 splats beyond 2048 units/)]);
    const last = 985 * 3;
    const near = Array.from(back.positions.subarray(last, last + 3));
    expect(Math.max(...near.map(Math.abs))).toBeGreaterThan(2047);
    // -8000 and 300 in the file, y and z turned round.
    expect(near[2] / near[1]).toBeCloseTo(-300 / 8000, 3);
    expect(back.logScales[last]).toBeCloseTo(scene.logScales[last] + Math.log(2048 / 8000), 1);
  });

  it('a part of the scene far from the origin widens the range instead', () => {
    const scene = randomScene(1000, 0);
    for (let i = 0; i < 900; i++) scene.positions[i] += 3000;
    expect(holdInSpz(scene)).toMatchObject({ fractionalBits: 11, notes: [] });
  });

  it('refuses scenes whose places or sizes it would lose', () => {
    const far = randomScene(100, 0);
    far.positions.forEach((v, i, all) => (all[i] = v + 1e6));
    expect(() => holdInSpz(far)).toThrow(/too small for how far/);
    expect(() => holdInSpz(scaled(randomScene(100, 0), 1e-5))).toThrow(/smaller than 0.000045 units/);
    expect(() => holdInSpz(scaled(randomScene(100, 0), 1e6))).toThrow(/larger than 380 units/);
  });

  it('says which sizes it clamps', async () => {
    const scene = await open('base.ply');
    scene.logScales.fill(7, 0, 6);
    expect((await encodeWhole(scene, 'spz')).notes).toEqual(['2 splats larger than SPZ holds became 380 units large.']);
  });
});
