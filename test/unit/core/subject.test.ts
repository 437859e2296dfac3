import { expect, test } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { distance } from '../../../renderer/core/vector.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { findBulk, findSubject, rowsInside } from '../../../renderer/core/subject.ts';
import { ballInRoom, madeScene, onSphere } from '../refine/made-scenes.ts';

const every = ({ count }: SplatScene): Int32Array => Int32Array.from({ length: count }, (_, row) => row);

test.each([
  { centre: [0, 0, 0], scale: 1 },
  { centre: [1, -0.5, 0.7], scale: 1 },
  { centre: [4.6e3, -12, 3], scale: 200 },
  { centre: [0, 0, 0], scale: 1e-3 },
] as { centre: Vec3; scale: number }[])(
  'the subject of a room at $centre and scale $scale is the fine ball',
  (where) => {
    const scene = ballInRoom(where.centre, where.scale);
    const { centre, radius } = findSubject(scene, every(scene));
    expect(distance(centre, where.centre)).toBeLessThan(0.1 * where.scale);
    expect(radius).toBeGreaterThan(0.5 * where.scale);
    expect(radius).toBeLessThan(2 * where.scale);
    const inside = rowsInside(scene, every(scene), { centre, radius });
    expect(inside.filter((row) => row < 2000).length).toBe(2000);
    expect(inside.length).toBe(2000);
  },
);

test.each([
  [1, 10],
  [2, 100],
  [30, 10],
  [30, 10_000],
])('%i strays at %i radii, of any opacity and size, change no answer about the rest', (strays, radii) => {
  for (const [size, opacityLogit] of [
    [0.02, -5],
    [0.02, 8],
    [20, 8],
  ]) {
    const object = { count: 3000, place: onSphere([1, 2, 3], 1), size: 0.02 };
    const far = { count: strays, place: onSphere([1, 2, 3], radii), size, opacityLogit };
    const [alone, strewn] = [madeScene([object]), madeScene([object, far])];
    const kept = rowsInside(strewn, every(strewn), findBulk(strewn, every(strewn)));
    expect(kept).toEqual(rowsInside(alone, every(alone), findBulk(alone, every(alone))));
    expect(kept.length).toBe(3000);
    expect(distance(findSubject(strewn, every(strewn)).centre, [1, 2, 3])).toBeLessThan(0.2);
  }
});

test('splats at one place are all of the bulk, and a subject without extent', () => {
  const scene = madeScene([{ count: 300, place: () => [5, 5, 5], size: 0.1 }]);
  expect(rowsInside(scene, every(scene), findBulk(scene, every(scene))).length).toBe(300);
  const subject = findSubject(scene, every(scene));
  expect(subject).toEqual({ centre: [5, 5, 5], radius: 0 });
  expect(rowsInside(scene, every(scene), subject).length).toBe(300);
});

test('splats that nothing shows of are about where they are', () => {
  const scene = madeScene([{ count: 300, place: onSphere([1, 2, 3], 1), size: 0.1, opacityLogit: -1000 }]);
  const { centre, radius } = findSubject(scene, every(scene));
  expect([...centre, radius].every(Number.isFinite)).toBe(true);
});

test('a size is the middle axis length, also beside axes that are all but without length', () => {
  const scene = ballInRoom([0, 0, 0]);
  const flat = { ...scene, logScales: scene.logScales.slice() };
  for (let row = 0; row < flat.count; row++) flat.logScales[3 * row] = -1e30;
  expect(findSubject(flat, every(flat))).toEqual(findSubject(scene, every(scene)));
});
