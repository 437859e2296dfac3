import { MathUtils, Vector3 } from 'three';
import { elevationDegrees } from './view-parameters.ts';

/** Past this height the view would turn over. */
const MAX_ELEVATION_DEGREES = 89.5;
const side = new Vector3();

/**
 * Turns `offset`, from the target to the camera, in place: `rightDegrees` round `up` (unit) and `upDegrees` higher,
 * never over the top. Its length stays.
 */
export function turnOffset(offset: Vector3, up: Vector3, rightDegrees: number, upDegrees: number): void {
  offset.applyAxisAngle(up, MathUtils.degToRad(rightDegrees));
  const elevation = elevationDegrees(offset, up);
  const rise = MathUtils.clamp(elevation + upDegrees, -MAX_ELEVATION_DEGREES, MAX_ELEVATION_DEGREES) - elevation;
  side.crossVectors(up, offset);
  // From straight above there is no side to rise about.
  if (side.lengthSq() > 1e-12) offset.applyAxisAngle(side.normalize(), -MathUtils.degToRad(rise));
}
