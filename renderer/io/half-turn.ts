import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';

/**
 * Signs of the real spherical harmonics of degrees 1-3 (in INRIA's order) where y and z change theirs: each is a
 * polynomial in x, y, z, and the sign is -1 to the power of its degree in y and z together.
 */
const SIGNS = [-1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1, -1, 1, -1, 1];

/**
 * Turns a scene by half a turn about the x axis, (x, y, z) to (x, -y, -z): between right-down-forward, where INRIA's
 * files stand, and right-up-back, where SPZ stands. Only signs and order change, so nothing is rounded.
 */
export function halfTurnAboutX(scene: SplatScene): SplatScene {
  const positions = scene.positions.slice();
  const quats = new Float32Array(scene.quats.length);
  const shRest = scene.shRest.slice();
  const width = shRestCount(scene.shDegree) * 3;
  for (let i = 0; i < scene.count; i++) {
    positions[i * 3 + 1] = -positions[i * 3 + 1];
    positions[i * 3 + 2] = -positions[i * 3 + 2];
    // The quaternion of the half turn is i, so q becomes i times q.
    quats[i * 4] = -scene.quats[i * 4 + 1];
    quats[i * 4 + 1] = scene.quats[i * 4];
    quats[i * 4 + 2] = -scene.quats[i * 4 + 3];
    quats[i * 4 + 3] = scene.quats[i * 4 + 2];
    for (let k = 0; k < width; k++) shRest[i * width + k] *= SIGNS[Math.floor(k / 3)];
  }
  return { ...scene, positions, quats, shRest };
}
