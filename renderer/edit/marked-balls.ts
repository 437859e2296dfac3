import { countMask } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { Ball } from '../core/subject.ts';
import { distance, vec3 } from '../core/vector.ts';
import type { SplatMask } from './selection.ts';

/** So many splats have a ball each; more have one around all of them. */
const MOST_BALLS = 16;
/** A splat reaches so many standard deviations from its centre. */
const REACH_DEVIATIONS = 2;

/**
 * Balls around marked splats, for a sign where they are too small to be seen: one for each of a few, one around many.
 * None for splats without a place. World units.
 */
export function markedBalls(scene: SplatScene, mask: SplatMask): Ball[] {
  const balls: Ball[] = [];
  const isFew = countMask(mask) <= MOST_BALLS;
  const [low, high] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  let largest = 0;
  for (let row = mask.indexOf(1); row >= 0; row = mask.indexOf(1, row + 1)) {
    const at = scene.positions.subarray(3 * row, 3 * row + 3);
    if (!Number.isFinite(at[0] + at[1] + at[2])) continue;
    const radius = reachOf(scene, row);
    if (isFew) balls.push({ centre: [at[0], at[1], at[2]], radius });
    largest = Math.max(largest, radius);
    for (let k = 0; k < 3; k++) {
      low[k] = Math.min(low[k], at[k]);
      high[k] = Math.max(high[k], at[k]);
    }
  }
  if (isFew || low[0] === Infinity) return balls;
  const centre = vec3((k) => (low[k] + high[k]) / 2);
  return [{ centre, radius: distance(centre, [high[0], high[1], high[2]]) + largest }];
}

/** 0 for a splat without a size. */
function reachOf({ logScales }: SplatScene, row: number): number {
  const reach = REACH_DEVIATIONS * Math.exp(Math.max(...logScales.subarray(3 * row, 3 * row + 3)));
  return Number.isNaN(reach) ? 0 : reach;
}
