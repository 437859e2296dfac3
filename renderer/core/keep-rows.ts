import type { SplatScene } from './splat-scene.ts';
import { createScene, shRestCount } from './splat-scene.ts';

/** How many entries of a mask are 1. */
export function countMask(mask: Uint8Array): number {
  let count = 0;
  for (const flag of mask) count += flag;
  return count;
}

/** The scene of the splats whose `keep` is 1, in order and bit for bit; the scene itself where that is all of them. */
export function keepRows(scene: SplatScene, keep: Uint8Array): SplatScene {
  const count = countMask(keep);
  if (count === scene.count) return scene;
  const kept = createScene(count, scene.shDegree, scene.meta);
  const copy = (from: Float32Array, to: Float32Array, width: number): void => {
    if (width === 0) return;
    let at = 0;
    for (let row = 0; row < keep.length; row++) {
      if (keep[row] === 0) continue;
      let end = row + 1;
      while (end < keep.length && keep[end] === 1) end++;
      to.set(from.subarray(row * width, end * width), at);
      at += (end - row) * width;
      row = end;
    }
  };
  copy(scene.positions, kept.positions, 3);
  copy(scene.logScales, kept.logScales, 3);
  copy(scene.quats, kept.quats, 4);
  copy(scene.logitOpacities, kept.logitOpacities, 1);
  copy(scene.shDc, kept.shDc, 3);
  copy(scene.shRest, kept.shRest, 3 * shRestCount(scene.shDegree));
  return kept;
}
