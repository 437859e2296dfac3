import { expect, test } from 'vitest';
import { clusters } from '../../../renderer/camera/connected.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';

test('finds what hangs together, below zero too, and what of it touches the main part', () => {
  const row = (from: number, count: number): Vec3[] => Array.from({ length: count }, (_, i) => [from + i, 0.5, 0.5]);
  const found = clusters([...row(-2.5, 3), ...row(4.5, 2), [9.5, 9.5, 9.5]], 1, row(0.5, 2));
  expect(found).toEqual([
    { members: expect.arrayContaining([0, 1, 2]) as number[], touchesMain: true },
    { members: expect.arrayContaining([3, 4]) as number[], touchesMain: false },
    { members: [5], touchesMain: false },
  ]);
});
