import { expect, it } from 'vitest';
import { sampleScene, sampleStep } from '../../../renderer/edit/sample-scene.ts';
import { randomScene } from '../io/fixtures.ts';

it('takes every so many splats and lets them cover what the others did', () => {
  const scene = randomScene(11, 2);
  const sample = sampleScene(scene, 4);
  expect(sample.count).toBe(3);
  expect(sample.shDegree).toBe(1);
  expect(Array.from(sample.positions.subarray(3, 6))).toEqual(Array.from(scene.positions.subarray(12, 15)));
  // Four times the area is twice the scale.
  expect(sample.logScales[3]).toBeCloseTo(scene.logScales[12] + Math.log(2), 5);
});

it('has no more splats than it may', () => {
  for (const [count, most] of [
    [10, 20],
    [20, 20],
    [21, 20],
    [1000, 7],
  ])
    expect(Math.ceil(count / sampleStep(count, most))).toBeLessThanOrEqual(most);
  expect(sampleStep(20, 20)).toBe(1);
  expect(sampleStep(10, Infinity)).toBe(1);
});
