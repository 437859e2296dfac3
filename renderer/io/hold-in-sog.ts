import { sceneBody } from '../core/body.ts';
import { countMask, keepRows } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { HeldScene } from './held-scene.ts';
import { strayMask, strayNote } from './held-scene.ts';

/** Places of most splats are kept to this share of the median splat's size, else strays are left out. */
const PLACE_SHARE = 1 / 4;
const STEPS = 65535;

/**
 * Fits a scene of drawable splats to SOG, which keeps places in 16 bits between the outermost splats (of the logarithm
 * of their distance from zero): strays that would make the places of all others coarse are left out.
 */
export function holdInSog(scene: SplatScene): HeldScene {
  const body = sceneBody(scene);
  if (body === null || placeStep(scene) <= PLACE_SHARE * body.splatSize) return { scene, notes: [] };
  const isStray = strayMask(scene);
  const count = countMask(isStray);
  const held =
    count === 0
      ? scene
      : keepRows(
          scene,
          isStray.map((flag) => 1 - flag),
        );
  const step = placeStep(held);
  return {
    scene: held,
    notes: [
      ...(count === 0 ? [] : [strayNote(count)]),
      ...(step <= body.splatSize
        ? []
        : [`Places are kept to ${step.toPrecision(2)} units, which is more than most splats are large.`]),
    ],
  };
}

/** The coarsest step of a coordinate in the middle of the scene, in world units. */
function placeStep(scene: SplatScene): number {
  const { centre } = sceneBody(scene) ?? { centre: [0, 0, 0] };
  const steps = [0, 1, 2].map((k) => {
    let [least, most] = [Infinity, -Infinity];
    for (let at = k; at < scene.positions.length; at += 3) {
      least = Math.min(least, scene.positions[at]);
      most = Math.max(most, scene.positions[at]);
    }
    return ((logOf(most) - logOf(least)) / STEPS) * (Math.abs(centre[k]) + 1);
  });
  return Math.max(...steps);
}

/** How SOG packs a coordinate. */
function logOf(value: number): number {
  return Math.sign(value) * Math.log(Math.abs(value) + 1);
}
