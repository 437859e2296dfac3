import { describe, expect, test } from 'vitest';
import { forwardOf, poseOf, poseParameters } from '../../../renderer/camera/camera-pose.ts';
import { distance } from '../../../renderer/core/vector.ts';
import { turntableShot } from '../../../renderer/show/turntable.ts';
import { UP, expectSame, angleDegrees, elevationDegrees } from './poses.ts';

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
