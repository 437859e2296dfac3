import { sceneBody } from './body.ts';
import type { SplatScene } from './splat-scene.ts';

/** The near distance of the INRIA rasteriser, world units. */
export const NEAR_Z = 0.2;
/** The most that it may be as a share of the radius that holds half of the splats. */
const NEAR_SHARE = 0.2;

const known = new WeakMap<SplatScene['positions'], number>();

/**
 * The near distance of cameras that name none: INRIA's, and less in scenes so small that it would cut them away, so
 * that a scene in other units gives the same picture. World units.
 */
export function nearDistanceFor(scene: SplatScene): number {
  const before = known.get(scene.positions);
  if (before !== undefined) return before;
  const radius = sceneBody(scene)?.radius ?? 0;
  const near = radius > 0 ? Math.min(NEAR_Z, NEAR_SHARE * radius) : NEAR_Z;
  known.set(scene.positions, near);
  return near;
}
