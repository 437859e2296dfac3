import { parseCameraFile } from '../../renderer/core/camera-file.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { createScene, shRestCount, type ShDegree, type SplatScene } from '../../renderer/core/splat-scene.ts';
import type { Vec3 } from '../../renderer/core/vector.ts';
import { seededRandom } from '../seeded-random.ts';

export interface GeneratedScene {
  readonly count: number;
  readonly shDegree: ShDegree;
  readonly seed: number;
  readonly antialiased?: boolean;
  /** Added to every position: far from the origin floats are coarse. */
  readonly offset?: number;
  /** Radius of the ball; the splats' sizes follow it. */
  readonly radius?: number;
}

/** Splats of many sizes, needles and discs among them, in a ball of radius 1, unless told, around `offset`. */
export function generateScene({
  count,
  shDegree,
  seed,
  antialiased = false,
  offset = 0,
  radius = 1,
}: GeneratedScene): SplatScene {
  const random = seededRandom(seed);
  const signed = (): number => random() * 2 - 1;
  const scene = createScene(count, shDegree, { antialiased, up: '-y', format: 'generated', name: 'generated' });
  for (let i = 0; i < count; i++) {
    const position = [signed(), signed(), signed()];
    const norm = Math.max(1, Math.hypot(...position));
    for (let k = 0; k < 3; k++) {
      scene.positions[i * 3 + k] = offset + (radius * position[k]) / norm;
      scene.logScales[i * 3 + k] = Math.log(0.2 * radius) - 4 * random();
      scene.shDc[i * 3 + k] = 1.8 * signed();
    }
    for (let k = 0; k < 4; k++) scene.quats[i * 4 + k] = signed();
    scene.logitOpacities[i] = 5 * signed() + 1;
  }
  const rest = shRestCount(shDegree) * 3;
  for (let i = 0; i < count * rest; i++) scene.shRest[i] = 0.3 * signed();
  return scene;
}

/**
 * Camera at `position` looking at `target`, -y up in the picture as in captured scenes; principal point in the middle.
 */
export function lookAt(
  position: Vec3,
  target: Vec3,
  width: number,
  height: number,
  fovYDegrees = 50,
): CameraParameters {
  return parseCameraFile({ position, target, up: [0, -1, 0], fovYDegrees }, width, height);
}
