import { describe, expect, test } from 'vitest';
import { sceneBounds } from '../../../renderer/camera/scene-bounds.ts';
import { fibonacciDirection } from '../../../renderer/core/directions.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { vec3 } from '../../../renderer/core/vector.ts';

function sceneAt(points: readonly (readonly [number, number, number])[], logit = 2) {
  const scene = createScene(points.length, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
  points.forEach((point, index) => scene.positions.set(point, index * 3));
  scene.logitOpacities.fill(logit);
  return scene;
}

describe('sceneBounds', () => {
  test('holds the bulk and passes over strays and invalid splats', () => {
    const cloud = Array.from({ length: 500 }, (_, i) => [10 + Math.cos(i), 5 + Math.sin(i), 0] as const);
    const scene = sceneAt([...cloud, [1e6, 0, 0], [NaN, 0, 0]]);
    const { centre, radius } = sceneBounds(scene);
    expect(Math.abs(centre[0] - 10)).toBeLessThan(0.2);
    expect(Math.abs(centre[1] - 5)).toBeLessThan(0.2);
    expect(radius).toBeGreaterThan(0.9);
    expect(radius).toBeLessThan(1.3);
  });

  test('holds a thin part that sticks out of where the mass is, without the strays beyond', () => {
    const pot = Array.from({ length: 5000 }, (_, i) => [Math.cos(i), Math.sin(i), (i % 100) / 200] as const);
    const leaf = Array.from({ length: 50 }, (_, i) => [0, 0, 0.5 + (i * 1.5) / 50] as const);
    const strays = [
      [9, 0, 0],
      [0, -30, 0],
      [0, 0, 300],
    ] as const;
    const { centre, radius } = sceneBounds(sceneAt([...pot, ...leaf, ...strays]));
    expect(Math.hypot(centre[0], centre[1], centre[2] - 2)).toBeLessThan(radius);
    expect(radius).toBeGreaterThan(1);
    expect(radius).toBeLessThan(1.6);
  });

  test('ends at twice its bulk where surroundings go on and on', () => {
    const object = Array.from({ length: 5000 }, (_, i) => [Math.cos(i), Math.sin(i), 0] as const);
    const surroundings = Array.from({ length: 80 }, (_, i) => [1.1 ** i, 0, 0] as const);
    const { radius } = sceneBounds(sceneAt([...object, ...surroundings]));
    expect(radius).toBeLessThan(2);
  });

  test('takes transparent splats where there are no others, and a single one by its size', () => {
    const one = sceneAt([[1, 2, 3]], -9);
    one.logScales.fill(Math.log(0.001));
    const { centre, radius } = sceneBounds(one);
    expect(centre).toEqual([1, 2, 3]);
    expect(radius).toBeCloseTo(0.003, 6);
    const speck = sceneAt([[1, 2, 3]], -9);
    speck.logScales.fill(-Infinity);
    expect(sceneBounds(speck).radius).toBe(1);
  });

  test('holds giants that lie all in one another, of which a view from within shows nothing', () => {
    const points = Array.from({ length: 500 }, (_, i) => [Math.cos(i), Math.sin(i), 0] as const);
    const scene = sceneAt(points);
    scene.logScales.fill(5);
    expect(sceneBounds(scene).radius).toBeCloseTo(3 * Math.exp(5), 3);
    // A few of them are strays of another kind.
    const few = sceneAt(points);
    few.logScales.fill(-4);
    few.logScales.fill(5, 0, 30);
    expect(sceneBounds(few).radius).toBeLessThan(1.1);
  });

  test('is the ball around what surroundings would hide from outside, and no more where they leave it in sight', () => {
    const around = (count: number, radius: number, isThere: (z: number) => boolean) =>
      Array.from({ length: count }, (_, i) => fibonacciDirection(i, count))
        .filter(([, , z]) => isThere(z))
        .map((direction) => vec3((k) => 7 + radius * direction[k]));
    const doll = around(3000, 1, () => true);
    const withRoom = (isThere: (z: number) => boolean) => {
      const scene = sceneAt([...doll, ...around(2000, 12, isThere)]);
      scene.logScales.fill(Math.log(0.03), 0, 9000);
      scene.logScales.fill(Math.log(0.6), 9000);
      return scene;
    };
    const { centre, radius, low, high } = sceneBounds(withRoom(() => true));
    for (const at of centre) expect(Math.abs(at - 7)).toBeLessThan(0.2);
    expect(radius).toBeGreaterThan(0.95);
    expect(radius).toBeLessThan(1.6);
    for (const at of low) expect(Math.abs(at - 6)).toBeLessThan(0.3);
    for (const at of high) expect(Math.abs(at - 8)).toBeLessThan(0.3);
    // A table below it hides nothing.
    expect(sceneBounds(withRoom((z) => z < -0.9)).radius).toBeGreaterThan(3);
  });
});
