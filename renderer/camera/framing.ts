import type { Vec3 } from '../core/vector.ts';
import type { SceneBounds } from './scene-bounds.ts';
import { framingDistance } from './view-parameters.ts';

/** Room around what is looked at, so that nothing touches the picture's edge. */
const FRAME_MARGIN = 1.1;

/** A point that a camera turns about, and how far from it it stands. */
export interface Framing {
  readonly target: Vec3;
  readonly distance: number;
}

/** Where a camera stands that sees all of a scene: around it, or in it, where it is a room. */
export function framingOf(
  { centre, radius, standpoint }: Pick<SceneBounds, 'centre' | 'radius' | 'standpoint'>,
  fovYDegrees: number,
  aspect: number,
): Framing {
  if (standpoint !== undefined) return { target: standpoint.centre, distance: standpoint.radius };
  return { target: centre, distance: framingDistance(radius * FRAME_MARGIN, fovYDegrees, aspect) };
}
