import { describe, expect, test } from 'vitest';
import { catmullRomSlopes, hermite, locate, monotoneSlopes } from '../../../renderer/show/spline.ts';

const knots = Float64Array.of(0, 1, 4, 5);

describe('both kinds of slopes', () => {
  test('give a straight line for values on a line', () => {
    const line = Float64Array.from(knots, (knot) => 3 - 2 * knot);
    expect([...catmullRomSlopes(knots, line)]).toEqual([-2, -2, -2, -2]);
    expect([...monotoneSlopes(knots, line)]).toEqual([-2, -2, -2, -2]);
  });
});

describe('catmullRomSlopes', () => {
  test('are the central difference on even knots', () => {
    expect([...catmullRomSlopes(Float64Array.of(0, 1, 2), Float64Array.of(0, 3, 4))]).toEqual([3, 2, 1]);
  });
});

describe('monotoneSlopes', () => {
  test('never leave the values of the knots around', () => {
    const values = Float64Array.of(0, 10, 10.1, 2);
    const slopes = monotoneSlopes(knots, values);
    for (let step = 0; step <= 300; step++) {
      const { piece, fraction } = locate(knots, step / 60);
      const value = hermite(knots, values, slopes, piece, fraction);
      const [low, high] = [values[piece], values[piece + 1]].sort((a, b) => a - b) as [number, number];
      expect(value).toBeGreaterThanOrEqual(low - 1e-12);
      expect(value).toBeLessThanOrEqual(high + 1e-12);
    }
  });

  test('are flat at a turning point', () =>
    expect([...monotoneSlopes(Float64Array.of(0, 1, 2), Float64Array.of(0, 1, 0))][1]).toBe(0));
});

describe('locate', () => {
  test.each([
    [-1, 0, 0],
    [0, 0, 0],
    [0.5, 0, 0.5],
    [1, 1, 0],
    [2.5, 1, 0.5],
    [5, 2, 1],
    [9, 2, 1],
  ])('%d', (value, piece, fraction) => expect(locate(knots, value)).toEqual({ piece, fraction }));

  test('takes the end of knots that do not increase', () =>
    expect(locate(Float64Array.of(0, 0, 0), 0)).toEqual({ piece: 1, fraction: 1 }));
});
