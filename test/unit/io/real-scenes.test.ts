import { describe, expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { assertSceneShape } from '../../../renderer/core/splat-scene.ts';
import { countInvalidSplats } from '../../../renderer/core/invalid.ts';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { sharedBytes, sharedPath } from './fixtures.ts';

async function readShared(path: string): Promise<SplatScene> {
  const source = await openFileSource(sharedPath(path));
  try {
    return await readScene(source);
  } finally {
    await source.close();
  }
}

const CASES: readonly (readonly [string, number, number, string, string])[] = [
  ['data/3dgs_sr_demo.ply', 17020, 3, 'inria-ply', '-y'],
  ['data/biker.compressed.ply', 152746, 0, 'compressed-ply', '-y'],
  ['data/biker.spz', 152746, 0, 'spz', 'y'],
  ['data/plant.splat', 113648, 0, 'splat', '-y'],
  ['data/playbot/lod-meta.json', 500000, 2, 'sog', '-y'],
  ['data/playbot/1_0/meta.json', 250000, 2, 'sog', '-y'],
  ['data/playbot/2_0/meta.json', 125000, 2, 'sog', '-y'],
  ['data/playbot/3_0/meta.json', 31000, 2, 'sog', '-y'],
  ['data/playbot/4_0/meta.json', 8406, 2, 'sog', '-y'],
  ['data/playbot/5_0/meta.json', 3000, 2, 'sog', '-y'],
  ['data/playbot/6_0', 1873, 2, 'sog', '-y'],
  ['data/minimal/minimal.splat', 4, 0, 'splat', '-y'],
  ['data/minimal/minimal.ksplat', 4, 0, 'ksplat', '-y'],
  ['data/minimal/minimal-raw.spz', 4, 0, 'spz', 'y'],
  ['data/minimal/minimal-v2.spz', 4, 0, 'spz', 'y'],
  ['data/minimal/minimal-v3.spz', 4, 0, 'spz', 'y'],
  ['data/minimal/minimal-v4.spz', 4, 0, 'spz', 'y'],
  ['parity/small/in.ply', 3000, 1, 'inria-ply', '-y'],
  ['parity/anchor/out.ply', 11730, 3, 'inria-ply', '-y'],
  ['scans/004_sugar_box/scene.ply', 15103, 1, 'inria-ply', '-y'],
];

describe('real scenes', () => {
  it.each(CASES)('%s: %d splats, degree %d', async (path, count, shDegree, format, up) => {
    const scene = await readShared(path);
    expect(scene).toMatchObject({ count, shDegree, meta: { format, up, antialiased: false } });
    assertSceneShape(scene);
    expect(countInvalidSplats(scene)).toBe(0);
  });

  it('tells formats by content, not by name', async () => {
    for (const [path, format] of [
      ['data/plant.splat', 'splat'],
      ['data/minimal/minimal.ksplat', 'ksplat'],
      ['data/minimal/minimal-v2.spz', 'spz'],
      ['data/3dgs_sr_demo.ply', 'inria-ply'],
    ] as const) {
      expect((await readScene(sourceFromBytes('misnamed.dat', sharedBytes(path)))).meta.format).toBe(format);
    }
  });

  it('biker is the same scene in SPZ and compressed PLY, half a turn about x apart', async () => {
    const ply = await readShared('data/biker.compressed.ply');
    const spz = await readShared('data/biker.spz');
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
