import { expect, it } from 'vitest';
import { gridResolutionFor } from '../../../renderer/refine/features.ts';

// The same numbers as models/training/tests/test_plan.py.
it.each([
  [1, 1],
  [3_999, 32],
  [4_000, 64],
  [15_999, 64],
  [16_000, 128],
  [1_000_000, 512],
  [10 ** 9, 4096],
])('the grid doubles with four times the splats: %i splats, %i cells a side', (splats, expected) => {
  expect(
    gridResolutionFor(splats, { gridRule: { kind: 'count', grid: 64, splats: 4_000 }, gridResolution: null }),
  ).toBe(expected);
});

it('a fixed grid is the same for every scene', () => {
  expect(gridResolutionFor(7, { gridRule: null, gridResolution: 384 })).toBe(384);
});
