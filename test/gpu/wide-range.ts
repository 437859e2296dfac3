import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { generateScene, lookAt } from './scenes.ts';

/** A scene whose numbers lie far from those of ordinary ones, and where to look at it from. */
export interface WideRangeCase {
  readonly name: string;
  readonly scene: SplatScene;
  readonly camera: CameraParameters;
}

const [WIDTH, HEIGHT] = [120, 80];
const before = (distance: number, offset = 0): CameraParameters =>
  lookAt(
    [offset + 0.3 * distance, offset - 0.2 * distance, offset - distance],
    [offset, offset, offset],
    WIDTH,
    HEIGHT,
  );

/** Scenes on which a short form of a splat's numbers would show first. */
export function wideRangeCases(): WideRangeCase[] {
  return [
    {
      name: 'far from the origin',
      scene: generateScene({ ...USUAL, seed: 61, offset: 5000 }),
      camera: before(2.6, 5000),
    },
    { name: 'needles', scene: needles(), camera: before(2.6) },
    { name: 'huge beside tiny', scene: hugeAndTiny(), camera: before(2.6) },
    { name: 'huge beside the picture', scene: hugeBeside(), camera: before(2.6) },
    {
      name: 'a billionth of a unit large',
      scene: generateScene({ ...USUAL, seed: 65, radius: 1e-9 }),
      camera: near(1e-9),
    },
    { name: 'harmonics of large amplitude', scene: scaled('shRest', 10, 66), camera: before(2.6) },
    { name: 'one large coefficient a splat', scene: spiked(), camera: before(2.6) },
    { name: 'colours over 1', scene: brightColours(), camera: before(2.6) },
    { name: 'faint', scene: faint(), camera: before(2.6) },
  ];
}

const USUAL = { count: 1500, shDegree: 3 } as const;

function near(radius: number): CameraParameters {
  return { ...before(2.6 * radius), near: 0.01 * radius };
}

/** 300 to 3,000 times as long as they are thick, in all directions. */
function needles(): SplatScene {
  const scene = generateScene({ ...USUAL, seed: 62 });
  for (let i = 0; i < scene.count; i++) {
    const long = scene.logScales[3 * i] + 1.5;
    scene.logScales.set([long, long - 6 - (i % 3), long - 8], 3 * i);
  }
  return scene;
}

/** Every twentieth splat 400 times as large and all others a fifth. */
function hugeAndTiny(): SplatScene {
  const scene = generateScene({ ...USUAL, seed: 63 });
  for (let i = 0; i < scene.logScales.length; i++) scene.logScales[i] += Math.floor(i / 3) % 20 === 0 ? 6 : -1.6;
  return scene;
}

/** Every third splat large and so far to a side that its flank alone is in the picture. */
function hugeBeside(): SplatScene {
  const scene = generateScene({ ...USUAL, seed: 64 });
  for (let i = 0; i < scene.count; i += 3) {
    const factor = 10 ** (1 + (i % 5));
    for (let k = 0; k < 3; k++) {
      scene.logScales[3 * i + k] += Math.log(10 * factor);
      scene.positions[3 * i + k] *= 2 * factor;
    }
  }
  return scene;
}

function scaled(name: 'shRest' | 'shDc', factor: number, seed: number): SplatScene {
  const scene = generateScene({ ...USUAL, seed });
  for (let i = 0; i < scene[name].length; i++) scene[name][i] *= factor;
  return scene;
}

/** One coefficient of each splat is 20 times the others. */
function spiked(): SplatScene {
  const scene = generateScene({ ...USUAL, seed: 67 });
  for (let i = 0; i < scene.count; i++) scene.shRest[45 * i + ((7 * i) % 45)] *= 20;
  return scene;
}

/** A channel of each splat over 1, up to 60, the others within. */
function brightColours(): SplatScene {
  const scene = generateScene({ ...USUAL, seed: 68 });
  for (let i = 0; i < scene.count; i++) scene.shDc[3 * i + (i % 3)] = 2 * 1.6 ** (i % 11);
  return scene;
}

/** Opacities of 1/255 to 3 %, many above each other. */
function faint(): SplatScene {
  const scene = generateScene({ ...USUAL, seed: 69 });
  for (let i = 0; i < scene.count; i++) {
    scene.logitOpacities[i] = -5.6 + (i % 100) * 0.021;
    for (let k = 0; k < 3; k++) scene.logScales[3 * i + k] += 1;
  }
  return scene;
}
