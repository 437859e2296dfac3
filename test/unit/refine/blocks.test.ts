import { describe, expect, it } from 'vitest';
import { cutBlocks } from '../../../renderer/refine/blocks.ts';
import { seededRandom } from '../../seeded-random.ts';

/** (count, 3) places in a long box. */
function places(count: number): Float32Array {
  const random = seededRandom(3);
  return Float32Array.from({ length: 3 * count }, (_, i) => random() * (i % 3 === 0 ? 4 : 1));
}

/** Squared distance of a row from the box of others. */
function boxDistance(positions: Float32Array, rows: readonly number[]): (row: number) => number {
  const axes = [0, 1, 2].map((axis) => rows.map((row) => positions[3 * row + axis]));
  const sides = axes.map((values) => [Math.min(...values), Math.max(...values)]);
  return (row) =>
    Math.fround(
      sides.reduce((sum, [lo, hi], axis) => {
        const value = positions[3 * row + axis];
        return sum + Math.max(lo - value, value - hi, 0) ** 2;
      }, 0),
    );
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

  it('hold the rows that are nearest to the box of their core', () => {
    // More than a bucket of them, and many at one place.
    for (const positions of [places(6000), places(6000).map((v) => Math.round(v * 8) / 8)]) {
      for (const { rows, core } of cutBlocks(positions, 2500)) {
        const cored = new Set([...core].map((at) => rows[at]));
        const distanceTo = boxDistance(positions, [...cored]);
        const rest = Array.from({ length: 6000 }, (_, row) => row).filter((row) => !cored.has(row));
        const nearest = rest.sort((a, b) => distanceTo(a) - distanceTo(b) || a - b).slice(0, rows.length - core.length);
        expect([...rows].filter((row) => !cored.has(row))).toEqual(nearest.sort((a, b) => a - b));
      }
    }
  });

  it('take rows at one distance in the order of the scene', () => {
    const blocks = cutBlocks(new Float32Array(30).fill(0.5), 4);
    expect(Math.max(...blocks.map(({ rows }) => rows.length))).toBe(4);
    const owned = blocks.flatMap(({ rows, core }) => [...core].map((at) => rows[at]));
    expect(owned.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
