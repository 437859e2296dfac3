import { add, cross, norm, scale, type Vec3 } from '../../../renderer/core/vector.ts';
import type { MadeSplats } from '../refine/made-scenes.ts';

/** A corner and the two sides from it. */
export type Wall = readonly [Vec3, Vec3, Vec3];

/** Walls on a floor plan, of which z is up. */
export function wallsOn(plan: readonly (readonly [number, number])[], height: number): Wall[] {
  return plan.map(([x, y], i) => {
    const [nextX, nextY] = plan[(i + 1) % plan.length];
    return [
      [x, y, 0],
      [nextX - x, nextY - y, 0],
      [0, 0, height],
    ];
  });
}

export function rectangle(width: number, depth: number): [number, number][] {
  return [
    [0, 0],
    [width, 0],
    [width, depth],
    [0, depth],
  ];
}

/** A floor, or a ceiling. */
export function level(width: number, depth: number, height = 0): Wall {
  return [
    [0, 0, height],
    [width, 0, 0],
    [0, depth, 0],
  ];
}

/** Splats all over walls, as many on each square unit; `turn` moves them. */
export function papered(walls: readonly Wall[], count: number, turn = (at: Vec3): Vec3 => at): MadeSplats[] {
  const areas = walls.map(([, along, up]) => norm(cross(along, up)));
  const total = areas.reduce((sum, area) => sum + area, 0);
  return walls.map(([corner, along, up], i) => ({
    count: Math.round((count * areas[i]) / total),
    size: 0.05,
    place: (u, v) => turn(add(corner, add(scale(along, u), scale(up, v)))),
  }));
}
