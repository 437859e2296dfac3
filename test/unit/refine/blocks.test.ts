import { describe, expect, it } from 'vitest';
import { cutBlocks } from '../../../renderer/refine/blocks.ts';
import { seededRandom } from '../../seeded-random.ts';

/** (count, 3) places in a long box. */
function places(count: number): Float32Array {
  const random = seededRandom(3);
  return Float32Array.from({ length: 3 * count }, (_, i) => random() * (i % 3 === 0 ? 4 : 1));
}

describe('blocks', () => {
  it('are one where everything fits', () => {
    const [block, ...others] = cutBlocks(places(500), 500);
    expect(others).toEqual([]);
    expect([block.rows.length, block.core.length]).toEqual([500, 500]);
  });

  it('hold as many rows as they may, ascending, and every row in the core of one', () => {
    const blocks = cutBlocks(places(3000), 800);
    for (const { rows } of blocks) {
      expect(rows).toHaveLength(800);
      expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
    }
    const owned = blocks.flatMap(({ rows, core }) => [...core].map((at) => rows[at]));
    expect(owned.sort((a, b) => a - b)).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });

  it('take rows at one distance in the order of the scene', () => {
    const blocks = cutBlocks(new Float32Array(30).fill(0.5), 4);
    expect(Math.max(...blocks.map(({ rows }) => rows.length))).toBe(4);
    const owned = blocks.flatMap(({ rows, core }) => [...core].map((at) => rows[at]));
    expect(owned.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
