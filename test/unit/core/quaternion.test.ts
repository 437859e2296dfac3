import { expect, it } from 'vitest';
import { rotationMatrix } from '../../../renderer/core/quaternion.ts';

it('turns as a quarter turn about z and a third of a turn about the diagonal do', () => {
  const about = (quaternion: readonly [number, number, number, number], v: readonly number[]): number[] => {
    const m = rotationMatrix(quaternion);
    return [0, 3, 6].map((row) => Math.round(1e6 * (m[row] * v[0] + m[row + 1] * v[1] + m[row + 2] * v[2])) / 1e6);
  };
  expect(about([Math.SQRT1_2, 0, 0, Math.SQRT1_2], [1, 2, 3])).toEqual([-2, 1, 3]);
  expect(about([0.5, 0.5, 0.5, 0.5], [1, 2, 3])).toEqual([3, 1, 2]);
});
