import { expect, test } from 'vitest';
import { axesSegments, gridSegments } from '../../../renderer/camera/guides.ts';

const frame = { centre: [1, 2, 3] as const, radius: 2, up: [0, 0, 1] as const };

test('the grid lies flat below the scene, across its up axis, in the colours of the screen', () => {
  const { positions, colours } = gridSegments(frame);
  expect(positions.length).toBe(colours.length);
  for (let i = 2; i < positions.length; i += 3) expect(positions[i]).toBeCloseTo(1, 5);
  expect(colours[0]).toBeCloseTo(0x6d / 255, 3);
});

test('the axes start in the middle and follow the file, not the up axis', () => {
  const { positions } = axesSegments(frame);
  const expected = [1, 2, 3, 2.5, 2, 3, 1, 2, 3, 1, 3.5, 3, 1, 2, 3, 1, 2, 4.5];
  expect(positions.length).toBe(expected.length);
  expected.forEach((value, index) => expect(positions[index]).toBeCloseTo(value, 5));
});
