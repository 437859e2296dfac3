import { expect, test } from 'vitest';
import { ZOOM_STEPS, nextZoom } from '../../../../renderer/app/features/zoom.ts';

test('zoom goes from step to step and ends', () => {
  expect(nextZoom(100, 1)).toBe(110);
  expect(nextZoom(100, -1)).toBe(90);
  expect(nextZoom(105, -1)).toBe(100);
  expect(nextZoom(ZOOM_STEPS[0], -1)).toBeUndefined();
  expect(nextZoom(ZOOM_STEPS[ZOOM_STEPS.length - 1] as number, 1)).toBeUndefined();
});
