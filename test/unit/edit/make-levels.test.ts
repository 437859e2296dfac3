import { expect, it } from 'vitest';
import { BLOCK_NUMBERS, BLOCK_SPLATS, SLOT_SPLATS, SLOTS_A_BLOCK } from '../../../renderer/core/detail-levels.ts';
import { countUndrawable } from '../../../renderer/core/drawable.ts';
import { levelRows, makeLevels } from '../../../renderer/edit/make-levels.ts';
import { randomScene } from '../io/fixtures.ts';

it('makes a quarter, a sixteenth and a sixty-fourth of the splats, block by block', async () => {
  const scene = randomScene(BLOCK_SPLATS + 400, 0);
  scene.positions.fill(NaN, 0, 3 * 40);
  const { positions, shDegree, meta } = scene;
  const asked: number[] = [];
  const rows = (wanted: Uint32Array) => {
    asked.push(wanted.length);
    return Promise.resolve(levelRows(scene, wanted));
  };
  const levels = await makeLevels({ positions, shDegree, meta, rows });
  expect(asked).toEqual([BLOCK_SPLATS, 400]);
  expect(levels.blocks).toHaveLength(2 * BLOCK_NUMBERS);
  expect(levels.scene.count).toBe(2 * SLOTS_A_BLOCK * SLOT_SPLATS);
  // The splats without a place are the curve's last 40.
  const drawn = SLOTS_A_BLOCK * SLOT_SPLATS + 360 / 4 + Math.ceil(90 / 4) + Math.ceil(23 / 4);
  expect(levels.scene.count - countUndrawable(levels.scene)).toBe(drawn);
  const [fine, middle, coarse] = levels.blocks.subarray(4, 7);
  expect(middle).toBeGreaterThan(fine);
  expect(coarse).toBeGreaterThan(middle);
});
