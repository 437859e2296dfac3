import { expect, it } from 'vitest';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { markedBalls } from '../../../renderer/edit/marked-balls.ts';
import { randomScene } from '../io/fixtures.ts';

/** Splats in a row along x, one unit apart, each of 0.1 units. */
function row(count: number): SplatScene {
  const scene = createScene(count, 0, randomScene(1, 0).meta);
  for (let i = 0; i < count; i++) scene.positions[3 * i] = i;
  scene.logScales.fill(Math.log(0.1));
  return scene;
}

it('gives each of a few marked splats a ball of its own, two standard deviations of the longest axis large', () => {
  const scene = row(5);
  scene.logScales[3 * 3 + 1] = Math.log(0.4);
  const balls = markedBalls(scene, Uint8Array.of(0, 1, 0, 1, 0));
  expect(balls.map(({ centre }) => centre)).toEqual([
    [1, 0, 0],
    [3, 0, 0],
  ]);
  expect(balls[0].radius).toBeCloseTo(0.2);
  expect(balls[1].radius).toBeCloseTo(0.8);
});

it('gives many marked splats one ball around all of them', () => {
  const mask = new Uint8Array(100).fill(1, 10, 51);
  const [ball, ...others] = markedBalls(row(100), mask);
  expect(others).toEqual([]);
  expect(ball.centre).toEqual([30, 0, 0]);
  expect(ball.radius).toBeCloseTo(20.2);
});

it('gives none where nothing is marked, or nothing that has a place', () => {
  const scene = row(40);
  expect(markedBalls(scene, new Uint8Array(40))).toEqual([]);
  scene.positions.fill(NaN);
  expect(markedBalls(scene, new Uint8Array(40).fill(1))).toEqual([]);
  expect(markedBalls(scene, new Uint8Array(40).fill(1, 3, 4))).toEqual([]);
});

it('takes a splat without a size for a point', () => {
  const scene = row(2);
  scene.logScales.fill(NaN);
  expect(markedBalls(scene, Uint8Array.of(0, 1))).toEqual([{ centre: [1, 0, 0], radius: 0 }]);
});
