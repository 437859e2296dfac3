import { describe, expect, it } from 'vitest';
import { BLOCK_SPLATS, SLOT_NUMBERS, SLOT_SPLATS, SLOTS_A_BLOCK } from '../../../renderer/core/detail-levels.ts';
import { countUndrawable } from '../../../renderer/core/drawable.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { levelRows, makeLevels } from '../../../renderer/edit/make-levels.ts';
import { randomScene } from '../io/fixtures.ts';

const asked: number[] = [];
function levelsOf(scene: SplatScene) {
  const rows = (wanted: Uint32Array) => {
    asked.push(wanted.length);
    return Promise.resolve(levelRows(scene, wanted));
  };
  return makeLevels({ positions: scene.positions, shDegree: scene.shDegree, meta: scene.meta, rows });
}

describe('levels of detail', () => {
  it('are a quarter, a sixteenth and a sixty-fourth of the splats, block by block', async () => {
    const scene = randomScene(BLOCK_SPLATS + 400, 0);
    scene.positions.fill(NaN, 0, 3 * 40);
    const levels = await levelsOf(scene);
    expect(asked).toEqual([BLOCK_SPLATS, 400]);
    expect(levels.slots).toHaveLength(2 * SLOTS_A_BLOCK * SLOT_NUMBERS);
    expect(levels.scene.count).toBe(2 * SLOTS_A_BLOCK * SLOT_SPLATS);
    expect(new Set(levels.order).size).toBe(scene.count);
    // The splats without a place are the curve's last 40.
    const drawn = SLOTS_A_BLOCK * SLOT_SPLATS + 360 / 4 + Math.ceil(90 / 4) + Math.ceil(23 / 4);
    expect(levels.scene.count - countUndrawable(levels.scene)).toBe(drawn);
    const size = (slot: number): number => levels.slots[slot * SLOT_NUMBERS + 4];
    expect(size(16)).toBeGreaterThan(size(0));
    expect(size(20)).toBeGreaterThan(size(16));
    expect(size(3)).toBe(size(0));
  });

  it('have slots whose balls hold the splats that they stand for', async () => {
    const scene = randomScene(BLOCK_SPLATS, 0);
    const { slots, order } = await levelsOf(scene);
    const firstOf = [...Array.from({ length: 16 }, (_, i) => i), 0, 4, 8, 12, 0];
    firstOf.forEach((first, slot) => {
      const [x, y, z, radius] = slots.subarray(slot * SLOT_NUMBERS);
      const finest = slot < 16 ? 1 : slot < 20 ? 4 : 16;
      for (const row of order.subarray(first * 1024, (first + finest) * 1024)) {
        const [px, py, pz] = scene.positions.subarray(3 * row, 3 * row + 3);
        expect(Math.hypot(px - x, py - y, pz - z)).toBeLessThanOrEqual(radius);
      }
    });
  });

  it('tell where colours lie apart', async () => {
    const scene = randomScene(BLOCK_SPLATS, 0);
    scene.shDc.fill(0.3);
    const before = (await levelsOf(scene)).slots.filter((_, i) => i % SLOT_NUMBERS === 5);
    const { order } = await levelsOf(scene);
    // Every other splat of the first slot is black or white.
    order.subarray(0, 1024).forEach((row, i) => scene.shDc.fill(i % 2 === 0 ? -1.77 : 1.77, 3 * row, 3 * row + 3));
    const after = (await levelsOf(scene)).slots.filter((_, i) => i % SLOT_NUMBERS === 5);
    expect(Math.max(...before)).toBeLessThan(0.031);
    expect(after[0]).toBeGreaterThan(0.3);
    expect([...after.slice(1, 16)].every((contrast) => contrast < 0.031)).toBe(true);
  });
});
