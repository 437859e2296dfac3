import { expect, test } from 'vitest';
import { poseOf } from '../../../renderer/camera/camera-pose.ts';
import { pathLines } from '../../../renderer/show/path-lines.ts';
import { turntableShot } from '../../../renderer/show/turntable.ts';

const style = { depth: 1, path: [1, 0, 0], frusta: [0, 1, 0] } as const;

test('a way is drawn from its start to its end, in its colour', () => {
  const shot = turntableShot({
    centre: [0, 0, 0],
    distance: 2,
    up: [0, 0, 1],
    side: [0, -1, 0],
    turns: 0.25,
    durationSeconds: 3,
    startElevationDegrees: 0,
    endElevationDegrees: 0,
    fovYDegrees: 50,
  });
  const { positions, colours } = pathLines(shot, [], style);
  expect(positions.length).toBe(240 * 6);
  [0, -2, 0].forEach((value, axis) => expect(positions[axis]).toBeCloseTo(value, 5));
  [2, 0, 0].forEach((value, axis) => expect(positions.at(axis - 3)).toBeCloseTo(value, 5));
  expect([...colours.subarray(0, 3)]).toEqual([1, 0, 0]);
});

test('a frustum opens by the field of view, towards the target, with its tick on top', () => {
  const key = poseOf({ position: [0, -5, 0], target: [0, 0, 0], up: [0, 0, 1], rollDegrees: 0, fovYDegrees: 90 });
  const { positions } = pathLines({ durationSeconds: 0, loops: false, poseAt: () => key }, [key], style);
  expect(positions.length).toBe(10 * 6);
  // From the camera to the upper left corner: as far up as forward, 16/9 as far to the left.
  [0, -5, 0, -16 / 9, -4, 1].forEach((value, place) => expect(positions[place]).toBeCloseTo(value, 5));
  const heights = positions.filter((_, place) => place % 3 === 2);
  expect(Math.max(...heights)).toBeCloseTo(1.4, 5);
});
