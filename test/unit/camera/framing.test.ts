import { expect, test } from 'vitest';
import { framingOf } from '../../../renderer/camera/framing.ts';
import { framingDistance } from '../../../renderer/camera/view-parameters.ts';

const ball = { centre: [1, 2, 3], radius: 2 } as const;

test('stands around a scene with something to spare, and in a room within what is free of walls', () => {
  expect(framingOf(ball, 50, 1.5).target).toEqual([1, 2, 3]);
  expect(framingOf(ball, 50, 1.5).distance).toBeCloseTo(framingDistance(2.2, 50, 1.5), 12);
  const standpoint = { centre: [1.5, 2, 3], radius: 0.75 } as const;
  expect(framingOf({ ...ball, standpoint }, 50, 1.5)).toEqual({ target: [1.5, 2, 3], distance: 0.75 });
});
