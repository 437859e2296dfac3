import { expect, it } from 'vitest';
import { hilbertOrder } from '../../../renderer/edit/hilbert.ts';

it('visits each point once, a step from the one before where a grid is full', () => {
  const side = 16;
  const positions = new Float32Array(3 * side ** 3);
  for (let i = 0; i < side ** 3; i++)
    positions.set([i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)], 3 * i);
  const order = hilbertOrder(positions);
  expect(new Set(order).size).toBe(side ** 3);
  let steps = 0;
  for (let i = 1; i < order.length; i++) {
    const [a, b] = [order[i - 1], order[i]].map((row) => positions.subarray(3 * row, 3 * row + 3));
    steps += Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  }
  // The cells of the curve are not those of the grid, so that some steps are longer.
  expect(steps / (order.length - 1)).toBeLessThan(1.35);
});

it('puts points that are none last, and takes any that are there', () => {
  expect(Array.from(hilbertOrder(Float32Array.from([NaN, 0, 0, 1, 1, 1, 2, 2, 2])))[2]).toBe(0);
  expect(hilbertOrder(new Float32Array(0))).toHaveLength(0);
  expect(Array.from(hilbertOrder(new Float32Array(6)))).toEqual([0, 1]);
});
