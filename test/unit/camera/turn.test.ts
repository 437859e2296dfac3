import { Vector3 } from 'three';
import { expect, test } from 'vitest';
import { turnOffset } from '../../../renderer/camera/turn.ts';
import { elevationDegrees } from '../../../renderer/camera/view-parameters.ts';

const up = new Vector3(0, 0, 1);

test('goes round to the right and higher, at the same distance', () => {
  const offset = new Vector3(0, -2, 0);
  turnOffset(offset, up, 90, 0);
  expect(offset.distanceTo(new Vector3(2, 0, 0))).toBeLessThan(1e-6);
  turnOffset(offset, up, 0, 30);
  expect(elevationDegrees(offset, up)).toBeCloseTo(30, 6);
  expect(offset.length()).toBeCloseTo(2, 6);
});

test('stops short of the top and of the bottom', () => {
  const offset = new Vector3(0, -2, 0);
  for (let press = 0; press < 40; press++) turnOffset(offset, up, 0, 5);
  expect(elevationDegrees(offset, up)).toBeCloseTo(89.5, 3);
  for (let press = 0; press < 80; press++) turnOffset(offset, up, 0, -5);
  expect(elevationDegrees(offset, up)).toBeCloseTo(-89.5, 3);
});

test('from straight above only turns', () => {
  const offset = new Vector3(0, 0, 3);
  turnOffset(offset, up, 45, 5);
  expect(offset.toArray()).toEqual([0, 0, 3]);
});
