import { orientationOf } from '../camera/camera-pose.ts';
import type { CameraPose, Triple } from '../camera/camera-pose.ts';
import type { Shot } from './shot.ts';

/** A camera that goes round a point and climbs. World units; file's own axes. */
export interface Turntable {
  readonly centre: Triple;
  /** Distance of the camera from the centre. */
  readonly distance: number;
  readonly up: Triple;
  /** Any direction not along `up`: the side from which the turn starts. */
  readonly side: Triple;
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
 * flips
 * however near to straight above it comes.
 */
export function turntableShot(table: Turntable): Shot {
  const { centre, distance, turns, durationSeconds, startElevationDegrees, endElevationDegrees, fovYDegrees } = table;
  const up = unit(table.up);
  const start = unit(minus(table.side, scaled(up, dot(table.side, up))));
  const quarter = cross(up, start);
  return {
    durationSeconds,
    loops: Number.isInteger(turns) && turns !== 0 && startElevationDegrees === endElevationDegrees,
    poseAt: (seconds): CameraPose => {
      const fraction = Math.min(1, Math.max(0, seconds / durationSeconds));
      const heading = 2 * Math.PI * turns * fraction;
      const elevation =
        ((startElevationDegrees + (endElevationDegrees - startElevationDegrees) * fraction) * Math.PI) / 180;
      const outward = plus(scaled(start, Math.cos(heading)), scaled(quarter, Math.sin(heading)));
      const direction = plus(scaled(outward, Math.cos(elevation)), scaled(up, Math.sin(elevation)));
      return {
        position: plus(centre, scaled(direction, distance)),
        target: centre,
        orientation: orientationOf(cross(up, outward), scaled(direction, -1)),
        fovYDegrees,
      };
    },
  };
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function plus(a: Triple, b: Triple): Triple {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: Triple, b: Triple): Triple {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function scaled(a: Triple, factor: number): Triple {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

function unit(a: Triple): Triple {
  return scaled(a, 1 / Math.hypot(...a));
}
