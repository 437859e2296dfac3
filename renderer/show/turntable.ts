import { orientationOf } from '../camera/camera-pose.ts';
import type { CameraPose } from '../camera/camera-pose.ts';
import { add, cross, dot, normalise, scale, subtract, type Vec3 } from '../core/vector.ts';
import type { Shot } from './shot.ts';

/** A camera that goes round a point and climbs. World units; file's own axes. */
export interface Turntable {
  readonly centre: Vec3;
  /** Distance of the camera from the centre. */
  readonly distance: number;
  readonly up: Vec3;
  /** Any direction not along `up`: the side from which the turn starts. */
  readonly side: Vec3;
  /** Counter-clockwise as seen from above; negative turns the other way. */
  readonly turns: number;
  readonly durationSeconds: number;
  /** Height above the plane across `up`, -90 to 90 degrees. */
  readonly startElevationDegrees: number;
  readonly endElevationDegrees: number;
  readonly fovYDegrees: number;
}

export const DEFAULT_TURN = {
  turns: 2,
  durationSeconds: 12,
  startElevationDegrees: 0,
  endElevationDegrees: 89,
} as const;

/**
 * The turntable as a shot. The camera's sideways direction follows the turn and not the view direction, so nothing
 * flips however near to straight above it comes.
 */
export function turntableShot(table: Turntable): Shot {
  const { centre, distance, turns, durationSeconds, startElevationDegrees, endElevationDegrees, fovYDegrees } = table;
  const up = normalise(table.up);
  const start = normalise(subtract(table.side, scale(up, dot(table.side, up))));
  const quarter = cross(up, start);
  return {
    durationSeconds,
    loops: Number.isInteger(turns) && turns !== 0 && startElevationDegrees === endElevationDegrees,
    poseAt: (seconds): CameraPose => {
      const fraction = Math.min(1, Math.max(0, seconds / durationSeconds));
      const heading = 2 * Math.PI * turns * fraction;
      const elevation =
        ((startElevationDegrees + (endElevationDegrees - startElevationDegrees) * fraction) * Math.PI) / 180;
      const outward = add(scale(start, Math.cos(heading)), scale(quarter, Math.sin(heading)));
      const direction = add(scale(outward, Math.cos(elevation)), scale(up, Math.sin(elevation)));
      return {
        position: add(centre, scale(direction, distance)),
        target: centre,
        orientation: orientationOf(cross(up, outward), scale(direction, -1)),
        fovYDegrees,
      };
    },
  };
}
