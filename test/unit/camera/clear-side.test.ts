import { expect, test } from 'vitest';
import { clearSide } from '../../../renderer/camera/clear-side.ts';
import { fibonacciDirection } from '../../../renderer/core/directions.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { sceneBounds } from '../../../renderer/camera/scene-bounds.ts';
import { dot, norm, vec3, type Vec3 } from '../../../renderer/core/vector.ts';
import { madeScene, onSphere } from '../refine/made-scenes.ts';
import { level, papered, rectangle, wallsOn } from './rooms.ts';

const around = (count: number, radius: number): Vec3[] =>
  Array.from({ length: count }, (_, i) => vec3((k) => radius * fibonacciDirection(i, count)[k]));

test.each([
  [0, 2],
  [1, 0],
  [2, 1],
] as const)('a doll before a wall on axis %d is seen from the room, across the up axis %d', (axis, upAxis) => {
  const doll = around(1000, 1);
  const wall = around(3000, 2).filter((at) => at[axis] > 0.3);
  const scene = createScene(doll.length + wall.length, 0, {
    antialiased: false,
    up: 'z',
    format: 'test',
    name: 'test',
  });
  [...doll, ...wall].forEach((at, i) => scene.positions.set(at, 3 * i));
  scene.logScales.fill(Math.log(0.1));
  scene.logitOpacities.fill(3);
  const ball = { centre: [0, 0, 0], radius: 1, low: [-1, -1, -1], high: [1, 1, 1], isSurrounded: true } as const;
  const up = vec3((k) => Number(k === upAxis));
  const side = clearSide(scene, ball, up) ?? [NaN, NaN, NaN];
  expect(dot(side, up)).toBeCloseTo(0, 6);
  expect(norm(side)).toBeCloseTo(1, 6);
  expect(side[axis]).toBeLessThan(-0.5);
});

test('a corridor is looked along from within, and a lone ball has no side', () => {
  const walls = [...wallsOn(rectangle(12, 2), 2.5), level(12, 2)];
  const corridor = madeScene(papered(walls, 6000));
  const side = clearSide(corridor, sceneBounds(corridor), [0, 0, 1]) ?? [NaN, NaN, NaN];
  expect(Math.abs(side[0])).toBeGreaterThan(0.9);
  const ball = madeScene([{ count: 1000, size: 0.1, place: onSphere([0, 0, 0], 1) }]);
  expect(clearSide(ball, sceneBounds(ball), [0, 0, 1])).toBeUndefined();
});
