import { describe, expect, test } from 'vitest';
import { poseOf, viewpointOf } from '../../../renderer/camera/camera-pose.ts';
import type { CameraPose } from '../../../renderer/camera/camera-pose.ts';
import { distance } from '../../../renderer/core/vector.ts';
import { pathShot } from '../../../renderer/show/path.ts';
import { UP, key, path, expectSame, angleDegrees } from './poses.ts';

describe('pathShot', () => {
  const keys = [
    key(0, [4, 0, 0], { fovYDegrees: 30 }),
    key(1, [0, 4, 1], { rollDegrees: 360, target: [0.5, 0, 0] }),
    key(4, [-3, 0, 3], { rollDegrees: 380, up: [0, 0, 1] }),
    key(4.5, [0, -2, 0.5], { fovYDegrees: 80 }),
  ];

  test.each(['level', 'eased'])('passes through every key at its time (%s)', (kind) => {
    const shot = pathShot(path(keys, { ease: kind === 'eased' }));
    expect(shot.durationSeconds).toBe(4.5);
    for (const each of keys) expectSame(shot.poseAt(each.timeSeconds), poseOf(each));
    expectSame(shot.poseAt(-1), poseOf(keys[0]));
    expectSame(shot.poseAt(99), poseOf(keys[3]));
  });

  test('counts from the first key', () => {
    const late = keys.map((each) => ({ ...each, timeSeconds: each.timeSeconds + 7 }));
    expect(pathShot(path(late)).durationSeconds).toBe(4.5);
    expectSame(pathShot(path(late)).poseAt(1), poseOf(keys[1]));
  });

  test('runs a straight line with even times at even speed', () => {
    const line = [0, 1, 2, 3].map((n) => key(n, [n, -5, 0], { target: [n, 0, 0] }));
    const shot = pathShot(path(line));
    for (const time of [0.25, 1.5, 2.875])
      expectSame(shot.poseAt(time), poseOf(key(0, [time, -5, 0], { target: [time, 0, 0] })));
  });

  test('keeps a subject that all keys look at in the middle and the horizon level', () => {
    const shot = pathShot(path([key(0, [5, 0, 0]), key(2, [0, 4, 4]), key(3, [-3, -3, 1]), key(6, [2, -4, 0.3])]));
    for (let time = 0; time <= 6; time += 0.05) {
      const pose = shot.poseAt(time);
      expect(distance(pose.target, [0, 0, 0])).toBe(0);
      expect(Math.abs(viewpointOf(pose, UP).rollDegrees)).toBeLessThan(1e-6);
    }
  });

  test('goes round, not only to and fro: roll counts whole turns and never swings past', () => {
    const shot = pathShot(path([key(0, [0, -5, 0]), key(1, [0, -5, 0], { rollDegrees: 720 })]));
    const rolls = [0.25, 0.5, 0.75].map((time) => viewpointOf(shot.poseAt(time), UP).rollDegrees);
    // A two-key move is even: a quarter of it is half a turn.
    expect(Math.abs(rolls[0])).toBeCloseTo(180, 6);
    expect(rolls[1]).toBeCloseTo(0, 6);
    expect(Math.abs(rolls[2])).toBeCloseTo(180, 6);
  });

  test('interpolates the field of view without leaving the keys around', () => {
    const shot = pathShot(
      path([
        key(0, [5, 0, 0], { fovYDegrees: 20 }),
        key(1, [0, 5, 0], { fovYDegrees: 90 }),
        key(2, [-5, 0, 0], { fovYDegrees: 90 }),
      ]),
    );
    const fovs = Array.from({ length: 21 }, (_, step) => shot.poseAt(step / 10).fovYDegrees);
    fovs.slice(1).forEach((fov, step) => expect(fov).toBeGreaterThanOrEqual(fovs[step] - 1e-9));
    expect(Math.max(...fovs)).toBe(90);
    expect(fovs[5]).toBeGreaterThan(40);
    expect(fovs[5]).toBeLessThan(75);
  });

  test('holds a constant speed where asked, whatever the times', () => {
    const uneven = [key(0, [5, 0, 0]), key(0.5, [0, 5, 0]), key(3, [-5, 0, 2]), key(8, [0, -5, 0])];
    const speeds = (shot: { poseAt: (seconds: number) => CameraPose }): number[] =>
      Array.from({ length: 200 }, (_, step) =>
        distance(shot.poseAt((step * 8) / 200).position, shot.poseAt(((step + 1) * 8) / 200).position),
      );
    const even = speeds(pathShot(path(uneven, { timing: 'constant' })));
    expect(Math.max(...even) / Math.min(...even)).toBeLessThan(1.01);
    const byKeys = speeds(pathShot(path(uneven)));
    expect(Math.max(...byKeys) / Math.min(...byKeys)).toBeGreaterThan(3);
  });

  test('starts and ends slowly where asked, and rests at a key that stops', () => {
    const speedAt = (shot: { poseAt: (seconds: number) => CameraPose }, time: number): number =>
      distance(shot.poseAt(time - 1e-4).position, shot.poseAt(time + 1e-4).position) / 2e-4;
    const line = [0, 1, 2].map((n) => key(n, [n * 4, -5, 0], { target: [n * 4, 0, 0] }));
    for (const timing of ['keys', 'constant'] as const) {
      const eased = pathShot(path(line, { ease: true, timing }));
      expect(speedAt(eased, 1e-4)).toBeLessThan(0.02);
      expect(speedAt(eased, 2 - 1e-4)).toBeLessThan(0.02);
      expect(speedAt(eased, 1)).toBeGreaterThan(2);
    }
    const resting = pathShot(path(line.map((each, index) => ({ ...each, stop: index === 1 }))));
    expect(speedAt(resting, 1)).toBeLessThan(0.02);
    expect(speedAt(resting, 0.5)).toBeGreaterThan(4);
  });

  test('passes over the pole without a jump', () => {
    const shot = pathShot(path([key(0, [4, 0, 3]), key(1, [0.01, 0.01, 5]), key(2, [-4, 0, 3])]));
    let before = shot.poseAt(0);
    for (let step = 1; step <= 2000; step++) {
      const pose = shot.poseAt(step / 1000);
      expect(angleDegrees(pose, before)).toBeLessThan(2.5);
      before = pose;
    }
  });

  test('takes zooms and pauses, which have no way to go, and a single key', () => {
    const shot = pathShot(
      path(
        [
          key(0, [5, 0, 0]),
          key(1, [5, 0, 0], { fovYDegrees: 25 }),
          key(3, [5, 0, 0], { fovYDegrees: 25 }),
          key(4, [0, 5, 0], { fovYDegrees: 25 }),
        ],
        { ease: true },
      ),
    );
    expect(shot.poseAt(0.5).fovYDegrees).toBeLessThan(45);
    expect(distance(shot.poseAt(2).position, [5, 0, 0])).toBeLessThan(0.02);
    const alike = pathShot(path([key(0, [5, 0, 0]), key(1, [5, 0, 0])], { timing: 'constant' }));
    expectSame(alike.poseAt(0.5), poseOf(key(0, [5, 0, 0])));
    const single = pathShot(path([key(3, [5, 0, 0])]));
    expect(single.durationSeconds).toBe(0);
    expectSame(single.poseAt(1), poseOf(key(0, [5, 0, 0])));
  });
});
