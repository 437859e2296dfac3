import { describe, expect, test } from 'vitest';
import { poseOf, poseParameters, viewpointOf } from '../../../renderer/camera/camera-pose.ts';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { UP, expectSame } from '../show/poses.ts';

describe('poseOf and viewpointOf', () => {
  const view = { position: [3, -2, 1.5], target: [0.5, 0.25, -0.5], up: UP, rollDegrees: 25, fovYDegrees: 40 } as const;

  test('give the camera that the command line reads from the same numbers, roll included', () => {
    const [made, written] = [poseParameters(poseOf(view), 600, 400), parseCameraFile(view, 600, 400)];
    made.worldToView.forEach((value, index) => expect(value).toBeCloseTo(written.worldToView[index], 12));
    expect(made.fx).toBeCloseTo(written.fx, 10);
    expect([made.fy, made.cx, made.cy]).toEqual([made.fx, 300, 200]);
  });

  test('undo each other', () => {
    const again = viewpointOf(poseOf(view), UP);
    expect(again.rollDegrees).toBeCloseTo(25, 9);
    expect({ ...again, rollDegrees: 25 }).toEqual(view);
  });

  test('a positive roll turns the camera clockwise: what was above it moves to the left', () => {
    const { worldToView: m } = poseParameters(
      poseOf({ position: [0, -5, 0], target: [0, 0, 0], up: UP, rollDegrees: 90, fovYDegrees: 50 }),
      100,
      100,
    );
    const x = m[2] * 1 + m[3];
    expect(x).toBeCloseTo(-1, 12);
  });

  test('the same view told from another up direction has the roll between the two', () => {
    const pose = poseOf({ position: [0, 0, 5], target: [0, 0, 0], up: [0, 1, 0], rollDegrees: 0, fovYDegrees: 50 });
    expect(viewpointOf(pose, [1, 0, 0]).rollDegrees).toBeCloseTo(-90, 9);
    expectSame(poseOf(viewpointOf(pose, [1, 0, 0])), pose);
  });
});
