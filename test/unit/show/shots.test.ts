import { describe, expect, test } from 'vitest';
import { forwardOf, poseOf, poseParameters, viewpointOf } from '../../../renderer/camera/camera-pose.ts';
import type { CameraPose } from '../../../renderer/camera/camera-pose.ts';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { distance, type Vec3 } from '../../../renderer/core/vector.ts';
import { addKey, canAddKey, changeKey, EMPTY_PATH, MAX_KEYS, moveKey, removeKey } from '../../../renderer/show/keys.ts';
import { pathShot } from '../../../renderer/show/path.ts';
import type { CameraKey, CameraPath } from '../../../renderer/show/path.ts';
import { frameTimes } from '../../../renderer/show/shot.ts';
import { turntableShot } from '../../../renderer/show/turntable.ts';

const UP: Vec3 = [0, 0, 1];

function key(timeSeconds: number, position: Vec3, extra: Partial<CameraKey> = {}): CameraKey {
  return { timeSeconds, position, target: [0, 0, 0], up: UP, rollDegrees: 0, fovYDegrees: 50, stop: false, ...extra };
}

function path(keys: readonly CameraKey[], extra: Partial<CameraPath> = {}): CameraPath {
  return { keys, timing: 'keys', ease: false, ...extra };
}

function expectSame(actual: CameraPose, expected: CameraPose, digits = 9): void {
  actual.position.forEach((value, axis) => expect(value).toBeCloseTo(expected.position[axis], digits));
  actual.target.forEach((value, axis) => expect(value).toBeCloseTo(expected.target[axis], digits));
  expect(actual.fovYDegrees).toBeCloseTo(expected.fovYDegrees, digits);
  expect(angleDegrees(actual, expected)).toBeLessThan(10 ** -(digits - 4));
}

/** Angle between two orientations. */
function angleDegrees(a: CameraPose, b: CameraPose): number {
  const dot = a.orientation.reduce((sum, value, axis) => sum + value * b.orientation[axis], 0);
  return (2 * Math.acos(Math.min(1, Math.abs(dot))) * 180) / Math.PI;
}

function elevationDegrees({ position, target }: CameraPose): number {
  return (Math.asin((position[2] - target[2]) / distance(position, target)) * 180) / Math.PI;
}

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

describe('turntableShot', () => {
  const table = {
    centre: [1, 2, 3],
    distance: 4,
    up: UP,
    side: [0, -1, 0.3],
    turns: 1.5,
    durationSeconds: 10,
    startElevationDegrees: 0,
    endElevationDegrees: 89,
    fovYDegrees: 45,
  } as const;

  test('climbs from 0 to 89 degrees, at its distance, round the centre', () => {
    const shot = turntableShot(table);
    const elevations = Array.from({ length: 101 }, (_, step) => elevationDegrees(shot.poseAt(step / 10)));
    expect(elevations[0]).toBeCloseTo(0, 9);
    expect(elevations[50]).toBeCloseTo(44.5, 9);
    expect(elevations[100]).toBeCloseTo(89, 6);
    for (let time = 0; time <= 10; time += 0.5)
      expect(distance(shot.poseAt(time).position, table.centre)).toBeCloseTo(4, 12);
    expectSame(
      shot.poseAt(0),
      poseOf({ position: [1, -2, 3], target: table.centre, up: UP, rollDegrees: 0, fovYDegrees: 45 }),
    );
    // A turn and a half ends on the other side.
    expect(shot.poseAt(10).position[1]).toBeCloseTo(2 + 4 * Math.cos((89 * Math.PI) / 180), 9);
  });

  test('turns counter-clockwise as seen from above', () =>
    expect(turntableShot({ ...table, endElevationDegrees: 0, turns: 0.25 }).poseAt(10).position[0]).toBeCloseTo(5, 9));

  test.each([
    [0, 89],
    [89, 90],
    [-90, 90],
  ])('looks at the centre, level, and never flips (%d to %d degrees)', (startElevationDegrees, endElevationDegrees) => {
    const shot = turntableShot({ ...table, startElevationDegrees, endElevationDegrees });
    const most = ((540 + endElevationDegrees - startElevationDegrees) / 2000) * 1.01;
    let before = shot.poseAt(0);
    for (let step = 0; step <= 2000; step++) {
      const pose = shot.poseAt((step * 10) / 2000);
      const forward = forwardOf(pose.orientation);
      forward.forEach((value, axis) =>
        expect(value).toBeCloseTo(((table.centre[axis] as number) - pose.position[axis]) / 4, 9),
      );
      // The sideways direction stays across up.
      const { worldToView } = poseParameters(pose, 10, 10);
      expect(worldToView[2]).toBeCloseTo(0, 9);
      expect(angleDegrees(pose, before)).toBeLessThan(most);
      before = pose;
    }
  });

  test('loops where it ends as it began', () => {
    expect(turntableShot(table).loops).toBe(false);
    expect(turntableShot({ ...table, turns: 2, endElevationDegrees: 0 }).loops).toBe(true);
  });
});

describe('frameTimes', () => {
  test('shows both ends, and leaves the end of a loop to its beginning', () => {
    expect([...frameTimes({ durationSeconds: 1, loops: false }, 5)]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...frameTimes({ durationSeconds: 1, loops: true }, 4)]).toEqual([0, 0.25, 0.5, 0.75]);
    expect([...frameTimes({ durationSeconds: 0, loops: false }, 30)]).toEqual([0]);
  });
});

describe('keys', () => {
  const view = { position: [5, 0, 0], target: [0, 0, 0], up: UP, rollDegrees: 0, fovYDegrees: 50 } as const;
  const three = addKey(addKey(addKey(EMPTY_PATH, view), { ...view, fovYDegrees: 60 }), { ...view, fovYDegrees: 70 });
  const times = ({ keys }: CameraPath): number[] => keys.map(({ timeSeconds }) => timeSeconds);
  const fovs = ({ keys }: CameraPath): number[] => keys.map(({ fovYDegrees }) => fovYDegrees);

  test('are added two seconds apart', () => expect(times(three)).toEqual([0, 2, 4]));

  test('are added as long as there is room', () => {
    expect(canAddKey(three)).toBe(true);
    expect(canAddKey(changeKey(three, 2, { timeSeconds: 3598 }))).toBe(true);
    expect(canAddKey(changeKey(three, 2, { timeSeconds: 3599 }))).toBe(false);
    expect(
      canAddKey({
        ...three,
        keys: Array.from({ length: MAX_KEYS }, (_, index) => ({ ...view, timeSeconds: index, stop: false })),
      }),
    ).toBe(false);
  });

  test('begin at 0 again when the first is removed', () => expect(times(removeKey(three, 0))).toEqual([0, 2]));

  test('stay in order when a time is changed', () => {
    expect(times(changeKey(three, 1, { timeSeconds: 3 }))).toEqual([0, 3, 4]);
    expect(times(changeKey(three, 1, { timeSeconds: 9 }))).toEqual([0, 3.95, 4]);
    expect(times(changeKey(three, 1, { timeSeconds: -9 }))).toEqual([0, 0.05, 4]);
    expect(times(changeKey(three, 0, { timeSeconds: 1 }))).toEqual([0, 2, 4]);
    expect(times(changeKey(three, 2, { timeSeconds: 30 }))).toEqual([0, 2, 30]);
  });

  test('move past each other, leaving the times', () => {
    expect(fovs(moveKey(three, 0, 1))).toEqual([60, 50, 70]);
    expect(times(moveKey(three, 0, 1))).toEqual([0, 2, 4]);
    expect(moveKey(three, 0, -1)).toBe(three);
  });
});
