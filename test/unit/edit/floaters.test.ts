import { describe, expect, it } from 'vitest';
import { countMask } from '../../../renderer/core/keep-rows.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { FloaterKind } from '../../../renderer/edit/floaters.ts';
import { findFloaters } from '../../../renderer/edit/floaters.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';

const WALL = 2000;
const FAINT = WALL + 20;
const CLUMP = FAINT + 15;
const bounds = { centre: [0, 0, 0], radius: 0.2 } as const;

/**
 * A solid wall of splats, then 20 faint ones in front of it, then a solid clump of 15 apart from it, one far out, one
 * sky, one broken.
 */
function plantedScene(): SplatScene {
  const scene = createScene(CLUMP + 3, 1, { antialiased: true, up: 'y', format: 'test', name: 'planted' });
  scene.quats.forEach((_, i, a) => (a[i] = i % 4 === 0 ? 1 : 0));
  scene.logScales.fill(Math.log(0.008));
  scene.logitOpacities.fill(3);
  const side = Math.ceil(Math.sqrt(WALL));
  for (let i = 0; i < WALL; i++)
    scene.positions.set([((i % side) / side - 0.5) * 0.3, (Math.floor(i / side) / side - 0.5) * 0.3, 0], 3 * i);
  for (let i = 0; i < 20; i++) {
    scene.positions.set([((i % 5) - 2) * 0.05, (Math.floor(i / 5) - 2) * 0.05, 0.12], 3 * (WALL + i));
    scene.logitOpacities[WALL + i] = -4;
  }
  for (let i = 0; i < 15; i++) scene.positions.set([0.002 * i, 0, -0.15], 3 * (FAINT + i));
  scene.positions.set([50, 0, 0], 3 * CLUMP);
  scene.logScales.fill(3, 3 * (CLUMP + 1), 3 * (CLUMP + 2));
  scene.positions.set([NaN, 0, 0], 3 * (CLUMP + 2));
  return scene;
}

describe('findFloaters', () => {
  const scene = plantedScene();
  it.each([
    ['faint', 20, 0],
    ['detached', 20, 15],
  ] as const)('%s', (kind: FloaterKind, faint, clump) => {
    const stages: string[] = [];
    const mask = findFloaters(
      scene,
      { kind, voxelsPerRadius: 32, solidOpacity: 0.1, bounds },
      { onProgress: ({ stage }) => stages.push(stage) },
    );
    expect(countMask(mask.subarray(0, WALL))).toBe(0);
    expect(countMask(mask.subarray(WALL, FAINT))).toBe(faint);
    expect(countMask(mask.subarray(FAINT, CLUMP))).toBe(clump);
    // Far out and sky stay, what cannot be drawn goes.
    expect([...mask.subarray(CLUMP)]).toEqual([0, 0, 1]);
    expect(new Set(stages)).toEqual(new Set(['Filling voxels', 'Looking for floaters']));
  });

  it('takes a small part of a real scene, and less of it with a lower limit', async () => {
    const real = await readScene(sourceFromBytes('demo.ply', dataBytes('scenes/3dgs_sr_demo.ply')));
    const find = (solidOpacity: number): number =>
      countMask(
        findFloaters(real, {
          kind: 'faint',
          voxelsPerRadius: 32,
          solidOpacity,
          bounds: { centre: [0, 0, 0], radius: 0.6 },
        }),
      );
    const few = find(0.1);
    const many = find(0.9);
    expect(few).toBeLessThan(many);
    expect(many).toBeLessThan(real.count / 2);
  });
});
