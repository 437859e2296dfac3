import { expect, it } from 'vitest';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import { captureUp } from '../../../renderer/core/captured-up.ts';
import { readInriaCameras } from '../../../renderer/judge/read-inria-cameras.ts';
import { inriaJson } from '../judge/capture.ts';

const CAMERAS = readInriaCameras('cameras.json', inriaJson()).cameras.map(({ parameters }) => parameters);

it('takes up from the photos, where they agree', () => {
  // Both known cameras hold the world's -y up.
  const distanceTo = (expected: readonly number[], cameras: typeof CAMERAS): number =>
    Math.hypot(...(captureUp(cameras) ?? [NaN, NaN, NaN]).map((value, axis) => value - expected[axis]));
  expect(distanceTo([0, -1, 0], CAMERAS)).toBeCloseTo(0, 9);
  // Level cameras at any height, on two sides only: up is z exactly.
  const from = (...position: [number, number, number]) => ({
    ...CAMERAS[0],
    worldToView: lookAtWorldToView({ position, target: [0, 0, 0.1], up: [0, 0, 1], rollDegrees: 0 }),
  });
  expect(distanceTo([0, 0, 1], [from(3, 0, 0.2), from(1, 0, 3), from(0, 2, 2), from(0, 3, -1)])).toBeCloseTo(0, 6);
  // From one side only, or held in every way, there is none.
  expect(captureUp([from(3, 0, 0.2), from(1, 0, 3)])).toBeUndefined();
  const sideways = { ...CAMERAS[0], worldToView: Float64Array.of(0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1) };
  expect(captureUp([CAMERAS[0], sideways])).toBeUndefined();
  expect(captureUp([])).toBeUndefined();
});
