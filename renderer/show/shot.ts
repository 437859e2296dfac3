import type { CameraPose } from '../camera/camera-pose.ts';

/** A camera that moves: what is played in the viewer and filmed for a video. */
export interface Shot {
  readonly durationSeconds: number;
  /** Whether it ends where it began, so that a video of it can run in a loop. */
  readonly loops: boolean;
  /** The camera `seconds` after the start; times outside fall on the start or the end. */
  poseAt(seconds: number): CameraPose;
}

/**
 * The moments of a shot that a video's frames show: as many as fit into its duration at this rate, the first at the
 * start and the last at the end. A shot that loops leaves the end out, since the first frame follows it.
 * @returns (F) seconds, F at least 1
 */
export function frameTimes(
  { durationSeconds, loops }: Pick<Shot, 'durationSeconds' | 'loops'>,
  framesPerSecond: number,
): Float64Array {
  const count = Math.max(1, Math.round(durationSeconds * framesPerSecond));
  const steps = loops ? count : Math.max(1, count - 1);
  return Float64Array.from({ length: count }, (_, frame) => (durationSeconds * frame) / steps);
}
