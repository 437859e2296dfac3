import { expect, it } from 'vitest';
import { quantile, quantiles } from '../../../renderer/core/quantile.ts';

it('gives the values at shares of the way, and leaves their order alone', () => {
  const values = Float64Array.of(5, 1, 4, 2, 3);
  expect(quantiles(values, [0, 0.5, 0.9, 1])).toEqual([1, 3, 4, 5]);
  expect(quantile(values, 0.49)).toBe(2);
  expect([...values]).toEqual([5, 1, 4, 2, 3]);
});
