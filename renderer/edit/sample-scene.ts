import type { SplatScene } from '../core/splat-scene.ts';
import { levelRows } from './make-levels.ts';

/** How many splats one of a sample of at most `most` stands for. */
export function sampleStep(count: number, most: number): number {
  return Math.max(1, Math.ceil(count / most));
}

/**
 * Every so many splats of a scene, as much larger as covers what the others did, of SH degree 1 at most: a coarse
 * picture at once.
 * @param step see sampleStep
 */
export function sampleScene(scene: SplatScene, step: number): SplatScene {
  const rows = Uint32Array.from({ length: Math.ceil(scene.count / step) }, (_, i) => i * step);
  const sample = levelRows(scene, rows);
  const growth = Math.log(step) / 2;
  for (let i = 0; i < sample.logScales.length; i++) sample.logScales[i] += growth;
  return sample;
}
