import { expect, it } from 'vitest';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { markedBalls } from '../../../renderer/edit/marked-balls.ts';
import { randomScene } from '../io/fixtures.ts';

/** Splats in a row along x, one unit apart. */
function row(count: number): SplatScene {
  const scene = createScene(count, 0, randomScene(1, 0).meta);
  for (let i = 0; i < count; i++) scene.positions[3 * i] = i;
  return scene;
}

it('gives each of a few marked splats a ball of its own', () => {
  expect(markedBalls(row(5), Uint8Array.of(0, 1, 0, 1, 0))).toEqual([
    { centre: [1, 0, 0], radius: 0 },
    { centre: [3, 0, 0], radius: 0 },
  ]);
});

it('gives many marked splats one ball around all of them', () => {
  const mask = new Uint8Array(200).fill(1, 10, 151);
  const [ball, ...others] = markedBalls(row(200), mask);
  expect(others).toEqual([]);
  expect(ball.centre).toEqual([80, 0, 0]);
  expect(ball.radius).toBeCloseTo(70);
});

it('gives none where nothing is marked, or nothing that has a place', () => {
  const scene = row(100);
  expect(markedBalls(scene, new Uint8Array(100))).toEqual([]);
  scene.positions.fill(NaN);
  expect(markedBalls(scene, new Uint8Array(100).fill(1))).toEqual([]);
  expect(markedBalls(scene, new Uint8Array(100).fill(1, 3, 4))).toEqual([]);
});
