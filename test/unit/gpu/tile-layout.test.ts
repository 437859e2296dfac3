import { expect, test } from 'vitest';
import { SEGMENT, tileLayout } from '../../../renderer/gpu/tile-layout.ts';

/** Bindings that every device allows. */
const LEAST_BINDING_BYTES = 128 * 2 ** 20;
/** Bits that a pair has left for its list. */
const LIST_BITS = 32 - Math.log2(SEGMENT);

test.each([
  [1, 1],
  [640, 360],
  [1920, 1080],
  [3840, 2160],
  [8192, 8192],
])('the lists of a picture of %i x %i fit what every device binds', (width, height) => {
  const { columns, rows, tiles, lists, segments, mostLists } = tileLayout(width, height);
  expect(columns * 8).toBeGreaterThanOrEqual(width);
  expect(rows * 8).toBeGreaterThanOrEqual(height);
  expect(lists).toBeGreaterThan(tiles);
  expect(segments).toBeGreaterThanOrEqual(1);
  expect(segments * (SEGMENT * mostLists + 1) * 4).toBeLessThanOrEqual(LEAST_BINDING_BYTES);
  expect(segments * lists * 4).toBeLessThanOrEqual(LEAST_BINDING_BYTES);
  expect(lists).toBeLessThan(2 ** LIST_BITS);
});

test('a round takes many splats, fewer of a picture of many blocks', () => {
  expect(tileLayout(640, 360).segments).toBe(64);
  expect(tileLayout(3840, 2160).segments).toBeLessThan(tileLayout(640, 360).segments);
});
