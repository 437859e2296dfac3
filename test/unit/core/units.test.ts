import { expect, it } from 'vitest';
import { splats } from '../../../renderer/core/units.ts';

it('counts one thing as one', () => {
  expect([0, 1, 1234].map((count) => splats(count))).toEqual(['0 splats', '1 splat', '1,234 splats']);
  expect(splats(2, 'stray')).toBe('2 strays');
});
