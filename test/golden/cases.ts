import { join } from 'node:path';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import type { Rgb } from '../../renderer/core/vector.ts';
import { generateScene, lookAt } from '../gpu/scenes.ts';

export interface GoldenCase {
  readonly name: string;
  readonly scene: () => SplatScene;
  readonly camera: CameraParameters;
  readonly background: Rgb;
}

/** The one list that both checks and regenerates the PNGs of this folder. */
export const GOLDEN_CASES: readonly GoldenCase[] = [
  {
    name: 'ball-degree-0',
    scene: () => generateScene({ count: 300, shDegree: 0, seed: 101 }),
    camera: lookAt([0, -0.6, -2.6], [0, 0, 0], 96, 64),
    background: [1, 1, 1],
  },
  {
    name: 'ball-degree-3',
    scene: () => generateScene({ count: 300, shDegree: 3, seed: 102 }),
    camera: lookAt([2, -1.5, 0.7], [0, 0, 0], 81, 67),
    background: [0, 0, 0],
  },
  {
    name: 'ball-antialiased',
    scene: () => generateScene({ count: 300, shDegree: 1, seed: 103, antialiased: true }),
    camera: lookAt([0, -6, -2], [0, 0, 0], 64, 48),
    background: [0.3, 0.3, 0.3],
  },
];

export function goldenPath(name: string): string {
  return join(import.meta.dirname, `${name}.png`);
}
