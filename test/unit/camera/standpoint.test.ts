import { describe, expect, test } from 'vitest';
import { findStandpoint } from '../../../renderer/camera/standpoint.ts';
import { add, distance, scale, subtract, type Vec3 } from '../../../renderer/core/vector.ts';
import type { MadeSplats } from '../refine/made-scenes.ts';
import type { Ball } from '../../../renderer/core/subject.ts';
import { madeScene, onSphere } from '../refine/made-scenes.ts';
import { level, papered, rectangle, wallsOn } from './rooms.ts';

const found = (parts: readonly MadeSplats[]): Ball | undefined => {
  const scene = madeScene(parts);
  return findStandpoint(
    scene,
    Int32Array.from({ length: scene.count }, (_, row) => row),
  );
};

/** Tilts by 25 degrees, and makes a room of centimetres far away of one of metres. */
const elsewhere = ([x, y, z]: Vec3): Vec3 => {
  const [cosine, sine] = [Math.cos(0.436), Math.sin(0.436)];
  return add([30, -20, 10], scale([cosine * x - sine * z, y, sine * x + cosine * z], 0.01));
};

const inL = [
  [0, 0],
  [6, 0],
  [6, 2.5],
  [2.5, 2.5],
  [2.5, 6],
  [0, 6],
] as const;

/** A box of which a fit left splats on one side: `from` to `to` of the way from its middle to its sides. */
function fittedBox(from: number, to: number): MadeSplats[] {
  const middle: Vec3 = [2, 1.5, 1];
  const walls = papered([...wallsOn(rectangle(4, 3), 2), level(4, 3), level(4, 3, 2)], 4000);
  const left = walls.map(({ count, size, place }): MadeSplats => {
    const some = (u: number, v: number, w: number): Vec3 =>
      add(middle, scale(subtract(place(u, v, 0), middle), from + (to - from) * w));
    return { count: Math.round(count / 5), size, place: some };
  });
  return [...walls, ...left];
}

describe('findStandpoint', () => {
  test.each([
    ['a room', [...wallsOn(rectangle(5, 4), 2.5), level(5, 4), level(5, 4, 2.5)], 1.25],
    ['walls alone', wallsOn(rectangle(5, 4), 2.5), 2],
    ['a hall of walls alone', wallsOn(rectangle(10, 8), 2.5), 4],
    ['a corridor', [...wallsOn(rectangle(20, 1.5), 2.5), level(20, 1.5)], 0.75],
    ['a room with three walls', [...wallsOn(rectangle(5, 4), 2.5).slice(1), level(5, 4), level(5, 4, 2.5)], 1.25],
    ['rooms at a corner', [...wallsOn(inL, 2.5), level(6, 2.5), level(2.5, 6)], 1.25],
  ] as const)('stands in %s, between its walls', (_, walls, free) => {
    const place = found(papered(walls, 6000));
    expect(place?.radius).toBeGreaterThan(0.4 * free);
    expect(place?.radius).toBeLessThan(free);
    const moved = found(papered(walls, 6000, elsewhere).map((part) => ({ ...part, size: 0.0005 })));
    expect(moved?.radius).toBeGreaterThan(0.004 * free);
    expect(moved?.radius).toBeLessThan(0.01 * free);
  });

  test('has space for a camera: no wall is nearer', () => {
    const parts = papered([...wallsOn(rectangle(12, 2), 2.5), level(12, 2)], 6000);
    const place = found(parts);
    if (place === undefined) throw new Error('No room was found.');
    const { positions, count } = madeScene(parts);
    for (let i = 0; i < count; i++)
      expect(distance([positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]], place.centre)).toBeGreaterThan(
        place.radius,
      );
  });

  test('tells a fitted room from a fitted box by the side on which splats were left', () => {
    expect(found(fittedBox(1.1, 1.9))).toBeDefined();
    expect(found(fittedBox(0.3, 0.9))).toBeUndefined();
  });

  test('stays outside of what is round, solid, flat, or hardly there', () => {
    expect(found([{ count: 5000, size: 0.05, place: onSphere([1, 2, 3], 2) }])).toBeUndefined();
    const round: MadeSplats['place'] = (u, v) => [Math.cos(2 * Math.PI * u), Math.sin(2 * Math.PI * u), 2 * v];
    expect(found([{ count: 5000, size: 0.05, place: round }])).toBeUndefined();
    expect(found([{ count: 5000, size: 0.05, place: (u, v, w) => [u, v, w] }])).toBeUndefined();
    expect(found([{ count: 5000, size: 0.05, place: (u, v) => [u, v, 0] }])).toBeUndefined();
    expect(found([{ count: 5000, size: 0.05, place: () => [1, 2, 3] }])).toBeUndefined();
    expect(found(papered(wallsOn(rectangle(5, 4), 2.5), 50))).toBeUndefined();
  });
});
