import { expect, it } from 'vitest';
import { quaternionOfRotation, rotationMatrix } from '../../../renderer/core/quaternion.ts';

it('turns as a quarter turn about z and a third of a turn about the diagonal do', () => {
  const about = (quaternion: readonly [number, number, number, number], v: readonly number[]): number[] => {
    const m = rotationMatrix(quaternion);
    return [0, 3, 6].map((row) => Math.round(1e6 * (m[row] * v[0] + m[row + 1] * v[1] + m[row + 2] * v[2])) / 1e6);
  };
  expect(about([Math.SQRT1_2, 0, 0, Math.SQRT1_2], [1, 2, 3])).toEqual([-2, 1, 3]);
  expect(about([0.5, 0.5, 0.5, 0.5], [1, 2, 3])).toEqual([3, 1, 2]);
});

it('finds the quaternion of a rotation, whichever of its numbers is the largest', () => {
  for (const largest of [0, 1, 2, 3]) {
    const numbers = [0.1, -0.3, 0.2, 0.4].map((value, k) => (k === largest ? 0.9 : value));
    const length = Math.hypot(...numbers);
    const [w, x, y, z] = numbers.map((value) => value / length);
    quaternionOfRotation(rotationMatrix([w, x, y, z])).forEach((value, k) =>
      expect(value).toBeCloseTo([w, x, y, z][k], 12),
    );
  }
});
