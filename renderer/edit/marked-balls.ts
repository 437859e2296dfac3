import { countMask } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { Ball } from '../core/subject.ts';
import { distance, vec3 } from '../core/vector.ts';
import type { SplatMask } from './selection.ts';

/** So many splats have a ball each; more have one around all of them. */
const MOST_BALLS = 64;

/**
 * Balls around the centres of marked splats, for a sign where they are too small to be seen: one of no size for each of
 * a few, as also a large splat may be faint or behind others, one around many. None for splats without a place. World
 * units.
 */
export function markedBalls({ positions }: SplatScene, mask: SplatMask): Ball[] {
  const balls: Ball[] = [];
  const isFew = countMask(mask) <= MOST_BALLS;
  const [low, high] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  for (let row = mask.indexOf(1); row >= 0; row = mask.indexOf(1, row + 1)) {
    const [x, y, z] = positions.subarray(3 * row, 3 * row + 3);
    if (!Number.isFinite(x + y + z)) continue;
    if (isFew) balls.push({ centre: [x, y, z], radius: 0 });
    for (const [k, at] of [x, y, z].entries()) {
      low[k] = Math.min(low[k], at);
      high[k] = Math.max(high[k], at);
    }
  }
  if (isFew || low[0] === Infinity) return balls;
  const centre = vec3((k) => (low[k] + high[k]) / 2);
  return [{ centre, radius: distance(centre, [high[0], high[1], high[2]]) }];
}
