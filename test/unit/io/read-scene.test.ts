import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { describe, expect, it } from 'vitest';
import { assertSceneShape } from '../../../renderer/core/splat-scene.ts';
import { countUndrawable } from '../../../renderer/core/drawable.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { readData } from './fixtures.ts';

const CASES: readonly (readonly [string, number, number, string, string])[] = [
  ['scenes/3dgs_sr_demo.ply', 4255, 3, 'inria-ply', '-y'],
  ['scenes/biker.compressed.ply', 25600, 0, 'compressed-ply', '-y'],
  ['scenes/biker.spz', 25600, 0, 'spz', 'y'],
  ['scenes/plant.splat', 22730, 0, 'splat', '-y'],
  ['scenes/playbot/lod-meta.json', 8406, 2, 'sog', '-y'],
  ['scenes/playbot/4_0/meta.json', 8406, 2, 'sog', '-y'],
  ['scenes/playbot/5_0/meta.json', 3000, 2, 'sog', '-y'],
  ['scenes/playbot/6_0', 1873, 2, 'sog', '-y'],
  ['scenes/minimal/minimal.splat', 4, 0, 'splat', '-y'],
  ['scenes/minimal/minimal.ksplat', 4, 0, 'ksplat', '-y'],
  ['scenes/minimal/minimal-raw.spz', 4, 0, 'spz', 'y'],
  ['scenes/minimal/minimal-v2.spz', 4, 0, 'spz', 'y'],
  ['scenes/minimal/minimal-v3.spz', 4, 0, 'spz', 'y'],
  ['scenes/minimal/minimal-v4.spz', 4, 0, 'spz', 'y'],
  ['parity/small/in.ply', 3000, 1, 'inria-ply', '-y'],
  ['parity/anchor/out.ply', 11730, 3, 'inria-ply', '-y'],
  ['scan/scene.ply', 14869, 1, 'inria-ply', '-y'],
];

describe('real scenes', () => {
  it.each(CASES)('%s: %d splats, degree %d', async (path, count, shDegree, format, up) => {
    const scene = await readData(path);
    expect(scene).toMatchObject({ count, shDegree, meta: { format, up, antialiased: false } });
    assertSceneShape(scene);
    expect(countUndrawable(scene)).toBe(0);
  });

  it('tells formats by content, not by name', async () => {
    for (const [path, format] of [
      ['scenes/plant.splat', 'splat'],
      ['scenes/minimal/minimal.ksplat', 'ksplat'],
      ['scenes/minimal/minimal-v2.spz', 'spz'],
      ['scenes/3dgs_sr_demo.ply', 'inria-ply'],
    ] as const) {
      expect((await readScene(sourceFromBytes('misnamed.dat', dataBytes(path)))).meta.format).toBe(format);
    }
  });

  it('biker is the same scene in SPZ and compressed PLY, half a turn about x apart', async () => {
    const ply = await readData('scenes/biker.compressed.ply');
    const spz = await readData('scenes/biker.spz');
    const sorted = (scene: SplatScene, axis: number): Float64Array =>
      Float64Array.from({ length: scene.count }, (_, i) => scene.positions[i * 3 + axis]).sort();
    for (const [axis, sign] of [
      [0, 1],
      [1, -1],
      [2, -1],
    ] as const) {
      const a = sorted(ply, axis);
      const b = sorted(spz, axis)
        .map((v) => v * sign)
        .sort();
      let worst = 0;
      for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
      // SPZ steps are 1/4096; compressed PLY steps depend on the chunk.
      expect(worst).toBeLessThan(4e-3);
    }
  });
});
