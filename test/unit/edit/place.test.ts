import { describe, expect, it } from 'vitest';
import { shColour } from '../../../renderer/core/reference-render.ts';
import { shRestCount } from '../../../renderer/core/splat-scene.ts';
import { cross, dot, normalise, subtract, type Vec3 } from '../../../renderer/core/vector.ts';
import { halfTurnAboutX } from '../../../renderer/io/half-turn.ts';
import {
  degreesOfTurn,
  NO_TURN,
  placePoint,
  placeScene,
  turnBetween,
  turnOfDegrees,
  turnToLevel,
} from '../../../renderer/edit/place.ts';
import { randomScene } from '../io/fixtures.ts';

const HERE = { about: [0, 0, 0], turn: NO_TURN, scale: 1, move: [0, 0, 0] } as const;

describe('a placed scene', () => {
  const scene = randomScene(20, 3);

  it('is the same bit for bit where nothing is changed', () => {
    const placed = placeScene(scene, HERE);
    expect(placed.positions).toEqual(scene.positions);
    expect([placed.logScales, placed.quats, placed.shRest]).toEqual([scene.logScales, scene.quats, scene.shRest]);
  });

  it('is the half turn that the formats know', () => {
    const placed = placeScene(scene, { ...HERE, turn: [0, 1, 0, 0] });
    const known = halfTurnAboutX(scene);
    for (const name of ['positions', 'quats', 'shRest'] as const)
      placed[name].forEach((value, index) => expect(value).toBeCloseTo(known[name][index], 4));
  });

  it('has from a turned direction the colours that it had before', () => {
    const turn = turnOfDegrees([20, -50, 110]);
    const placed = placeScene(scene, { ...HERE, turn });
    const turned = (v: Vec3): Vec3 => placePoint({ ...HERE, turn }, v);
    const width = shRestCount(3) * 3;
    const coloursOf = ({ shDc, shRest }: typeof scene, i: number, d: Vec3) =>
      shColour(3, [...shDc.subarray(3 * i, 3 * i + 3), ...shRest.subarray(i * width, (i + 1) * width)], ...d);
    for (let i = 0; i < scene.count; i++) {
      const direction = normalise([Math.sin(i), Math.cos(3 * i), Math.sin(2 * i + 1)]);
      const before = coloursOf(scene, i, direction);
      coloursOf(placed, i, turned(direction)).forEach((value, k) => expect(value).toBeCloseTo(before[k], 4));
    }
  });

  it('grows about a point and moves', () => {
    const placement = { about: [1, 0, 0], turn: turnOfDegrees([0, 0, 90]), scale: 2, move: [0, 0, 5] } as const;
    placePoint(placement, [2, 0, 0]).forEach((value, k) => expect(value).toBeCloseTo([1, 2, 5][k], 12));
    const placed = placeScene(scene, placement);
    expect(placed.logScales[4]).toBeCloseTo(scene.logScales[4] + Math.log(2), 5);
  });
});

describe('turns', () => {
  it.each<[Vec3, Vec3]>([
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [0, 0, 2],
      [0, 0, -1],
    ],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
  ])('take %o to %o', (from, to) => {
    const there = placePoint({ ...HERE, turn: turnBetween(from, to) }, normalise(from));
    there.forEach((value, k) => expect(value).toBeCloseTo(normalise(to)[k], 10));
  });

  it('make the ground through three points level, and know when they are on one line', () => {
    const points: [Vec3, Vec3, Vec3] = [
      [0, 0, 0],
      [1, 0.2, 0],
      [0, 0.3, 1],
    ];
    const turn = turnToLevel(points, [0, 1, 0]);
    if (turn === undefined) throw new Error('There is no turn.');
    const [a, b, c] = points.map((point) => placePoint({ ...HERE, turn }, point));
    const normal = normalise(cross(subtract(b, a), subtract(c, a)));
    expect(Math.abs(dot(normal, [0, 1, 0]))).toBeCloseTo(1, 10);
    expect(b[1]).toBeCloseTo(a[1], 10);
    expect(
      turnToLevel(
        [
          [0, 0, 0],
          [1, 1, 1],
          [2, 2, 2],
        ],
        [0, 1, 0],
      ),
    ).toBeUndefined();
  });
});

describe('degrees of a turn', () => {
  it.each([
    [20, -50, 110],
    [-170, 80, -15],
    [35, 90, 0],
    [0, -90, 0],
    [200, 30, 0],
  ])('make the same turn again: %d, %d, %d', (x, y, z) => {
    const turn = turnOfDegrees([x, y, z]);
    const again = turnOfDegrees(degreesOfTurn(turn));
    // A quaternion and its negative are one turn.
    expect(Math.abs(turn.reduce((sum, value, k) => sum + value * again[k], 0))).toBeCloseTo(1, 9);
  });
});
