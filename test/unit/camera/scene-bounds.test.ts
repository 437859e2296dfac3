import { describe, expect, test } from 'vitest';
import { sceneBounds } from '../../../renderer/camera/scene-bounds.ts';
import { fibonacciDirection } from '../../../renderer/core/directions.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { vec3, type Vec3 } from '../../../renderer/core/vector.ts';
import { madeScene, onSphere, type MadeSplats } from '../refine/made-scenes.ts';
import { level, papered, rectangle, wallsOn } from './rooms.ts';

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

  test.each([
    ['holds a blade of faint layers', 2000, true],
    ['passes over haze as faint that hides nothing', 60, false],
  ])('%s', (_, faint, isHeld) => {
    const { centre, radius } = sceneBounds(
      madeScene([
        { count: 3000, place: onSphere([0, 0, 0], 0.5), size: 0.03 },
        { count: faint, place: (u, v, w) => [0.4 + 1.6 * u, 0.2 * v - 0.1, 0.02 * w], size: 0.03, opacityLogit: -3 },
      ]),
    );
    // The far end of the blade is 2 away from the middle of what is solid.
    expect(centre[0] + radius > 1.9).toBe(isHeld);
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

  const ball = (count: number, centre: Vec3, radius: number): MadeSplats => ({
    count,
    size: (2 * radius) / Math.sqrt(count),
    place: onSphere(centre, radius),
  });

  test.each([
    [100, 2, 0.3],
    [100, 5, 0.3],
    [100, 11, 0.5],
    [100, 4, 0.1],
    [100, 4, 1],
    [25, 4, 0.3],
    [500, 4, 0.4],
  ])('holds a second object of %d splats of 5,000, %d radii away and %d large', (count, away, size) => {
    for (const unit of [1, 1e-3, 1e3]) {
      const parts = [ball(5000 - count, [0, 0, 0], unit), ball(count, [0, away * unit, 0], size * unit)];
      const { centre, radius } = sceneBounds(madeScene(parts));
      expect(radius / unit).toBeCloseTo((1 + away + size) / 2, 1);
      expect(centre[1] / unit).toBeCloseTo((away + size - 1) / 2, 1);
    }
  });

  test('passes over strays beside a second object, however many, near or far', () => {
    const two = [ball(4800, [0, 0, 0], 1), ball(100, [4, 0, 0], 0.3)];
    const strewn = (reach: number): MadeSplats => ({
      count: 60,
      size: 0.05,
      place: (u, v, w) => [reach * (2 * u - 1), reach * (2 * v - 1), reach * (2 * w - 1)],
    });
    for (const reach of [8, 100, 5000])
      expect(sceneBounds(madeScene([...two, strewn(reach)])).radius).toBeCloseTo(2.65, 1);
    const many: MadeSplats = { count: 400, size: 0.1, place: onSphere([0, 0, 0], 100) };
    expect(sceneBounds(madeScene([ball(4600, [0, 0, 0], 1), many])).radius).toBeCloseTo(1, 1);
  });

  test('is a room that is stood in, with or without strays; not what something stands beside', () => {
    const room = papered([...wallsOn(rectangle(5, 4), 2.5), level(5, 4)], 8000);
    const strays: MadeSplats = { count: 40, size: 0.1, place: onSphere([2, 2, 1], 300) };
    for (const parts of [room, [...room, strays]]) {
      const bounds = sceneBounds(madeScene(parts));
      expect(bounds.radius).toBeCloseTo(3.4, 1);
      expect(bounds.standpoint?.radius).toBeGreaterThan(0.5);
    }
    const doll: MadeSplats = { count: 1500, size: 0.01, place: onSphere([3.5, 2, 0.4], 0.3) };
    const furnished = sceneBounds(madeScene([...room, doll]));
    expect(furnished).toMatchObject({ isSurrounded: true });
    expect(furnished.standpoint).toBeUndefined();
    const cube = papered([...wallsOn(rectangle(2, 2), 2), level(2, 2), level(2, 2, 2)], 4900);
    const beside = sceneBounds(madeScene([...cube, ball(100, [6, 1, 1], 0.3)]));
    expect(beside.standpoint).toBeUndefined();
    expect(beside.radius).toBeGreaterThan(3);
  });
});
