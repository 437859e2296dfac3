import { expect, it } from 'vitest';
import { symmetricEigen } from '../../../renderer/core/symmetric-eigen.ts';

it.each([
  [[2, 0, 0, 3, 0, 5]],
  [[4, 1, -2, 3, 0.5, 6]],
  [[1, 1, 1, 1, 1, 1]],
  [[1e-9, 1e-10, 0, 2e-9, 1e-11, 1e-12]],
  [[0, 0, 0, 0, 0, 0]],
])('takes %j apart into what makes it again', (matrix) => {
  const { values, vectors } = symmetricEigen(matrix);
  const pairs = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 2],
  ];
  const largest = Math.max(...matrix.map(Math.abs), 1e-300);
  pairs.forEach(([a, b], i) => {
    const again = [0, 1, 2].reduce((sum, k) => sum + values[k] * vectors[k][a] * vectors[k][b], 0);
    expect(Math.abs(again - matrix[i]) / largest).toBeLessThan(1e-12);
  });
});
