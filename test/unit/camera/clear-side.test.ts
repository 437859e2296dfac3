import { expect, test } from 'vitest';
import { clearSide } from '../../../renderer/camera/clear-side.ts';
import { fibonacciDirection } from '../../../renderer/core/directions.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { dot, norm, vec3, type Vec3 } from '../../../renderer/core/vector.ts';

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
  const side = clearSide(scene, ball, up);
  expect(dot(side, up)).toBeCloseTo(0, 6);
  expect(norm(side)).toBeCloseTo(1, 6);
  expect(side[axis]).toBeLessThan(-0.5);
});
