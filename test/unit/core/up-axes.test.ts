import { expect, it } from 'vitest';
import { axisAlong, UP_AXES, UP_DIRECTIONS } from '../../../renderer/core/up-axes.ts';
import { normalise } from '../../../renderer/core/vector.ts';

it('finds the axis that a direction lies along, give or take 30 degrees', () => {
  for (const axis of UP_AXES) expect(axisAlong(UP_DIRECTIONS[axis])).toBe(axis);
  expect(axisAlong(normalise([0.1, -1, 0.3]))).toBe('-y');
  expect(axisAlong(normalise([0, 1, 1]))).toBeUndefined();
  expect(axisAlong(normalise([0, 0, 0]))).toBeUndefined();
});
