import { describe, expect, it } from 'vitest';
import { countMask } from '../../../renderer/core/keep-rows.ts';
import { decimateScene, mergedAway } from '../../../renderer/edit/decimate.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { randomScene } from '../io/fixtures.ts';
import { dataBytes } from '../../test-data.ts';

describe('decimateScene', () => {
  it('merges a real scene to half, with bands and tag, and tells which splats went', async () => {
    const read = await readScene(sourceFromBytes('demo.ply', dataBytes('scenes/3dgs_sr_demo.ply')));
    const scene = { ...read, meta: { ...read.meta, antialiased: true } };
    const stages = new Set<string>();
    const half = await decimateScene(scene, 2127, { onProgress: ({ stage }) => stages.add(stage) });
    expect(half).toMatchObject({ count: 2127, shDegree: 3, meta: scene.meta });
    expect(half.shRest.some((v) => v !== 0)).toBe(true);
    const gone = mergedAway(scene, half);
    // Splats that were not merged are passed on with their bits; each merged one took at least two away.
    const merged = countMask(gone);
    expect(merged).toBeGreaterThan(scene.count - half.count);
    expect(merged).toBeLessThanOrEqual(2 * (scene.count - half.count));
    expect([...stages].length).toBeGreaterThan(1);
  });

  it('leaves out what cannot be drawn, and asks for no more than there is', async () => {
    const scene = randomScene(60, 1);
    scene.positions[3] = NaN;
    const all = await decimateScene(scene, 100);
    expect(all.count).toBe(59);
    expect(countMask(mergedAway(scene, all))).toBe(1);
    expect((await decimateScene(scene, 20)).count).toBe(20);
    scene.positions.fill(NaN);
    await expect(decimateScene(scene, 5)).rejects.toMatchObject({ code: 'empty-scene' });
  });
});
