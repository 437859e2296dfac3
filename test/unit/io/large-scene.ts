import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';

/** Enough splats for a preview. */
export const LARGE = 530_000;

/** A large scene of SH degree 0 whose splats are sorted along x, from 0 to 1. */
export function largeScene(shDegree: ShDegree = 0): SplatScene {
  const scene = createScene(LARGE, shDegree, { antialiased: false, up: 'z', format: 'generated', name: 'large.ply' });
  for (let i = 0; i < LARGE; i++) {
    scene.positions.set([i / LARGE, i % 7, i % 5], 3 * i);
    scene.quats[4 * i] = 1;
  }
  return scene;
}
