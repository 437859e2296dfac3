import type { SplatScene } from './splat-scene.ts';
import { shRestCount } from './splat-scene.ts';

/**
 * Marks splats that hold a number that is not finite (NaN or an infinity) in any attribute.
 * Such splats are kept on reading, but can be neither drawn nor refined.
 * @returns (N) 1 where the splat is invalid, else 0.
 */
export function invalidSplatMask(scene: SplatScene): Uint8Array {
  const mask = new Uint8Array(scene.count);
  const arrays: readonly (readonly [Float32Array, number])[] = [
    [scene.positions, 3],
    [scene.logScales, 3],
    [scene.quats, 4],
    [scene.logitOpacities, 1],
    [scene.shDc, 3],
    [scene.shRest, shRestCount(scene.shDegree) * 3],
  ];
  for (const [values, width] of arrays) {
    for (let i = 0, k = 0; i < scene.count; i++) {
      // x * 0 is 0 for every finite x and NaN otherwise, so one sum tests the whole row without a branch.
      let sum = 0;
      for (const end = k + width; k < end; k++) sum += values[k] * 0;
      if (sum !== 0) mask[i] = 1;
    }
  }
  return mask;
}

/** Number of splats that hold a NaN or an infinity in any attribute. */
export function countInvalidSplats(scene: SplatScene): number {
  let invalid = 0;
  for (const flag of invalidSplatMask(scene)) invalid += flag;
  return invalid;
}
