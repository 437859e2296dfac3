import type { Segments } from '../camera/guides.ts';
import { poseParameters } from '../camera/camera-pose.ts';
import type { CameraPose } from '../camera/camera-pose.ts';
import { vec3, type Rgb, type Vec3 } from '../core/vector.ts';
import type { Shot } from './shot.ts';

/** Pieces that a path is drawn with. */
const STEPS = 240;
/** Aspect of the frusta, as of most videos. */
const ASPECT = 16 / 9;

export interface PathLineStyle {
  /** Distance of a frustum's picture from its camera, world units. */
  readonly depth: number;
  /** rgb 0..1 of the path, and of the frusta. */
  readonly path: Rgb;
  readonly frusta: Rgb;
}

/** The path that a shot's camera takes, and the frustum of each key with a tick on its upper side, as line segments. */
export function pathLines(shot: Shot, keys: readonly CameraPose[], { depth, path, frusta }: PathLineStyle): Segments {
  const positions: number[] = [];
  const colours: number[] = [];
  const line = (from: Vec3, to: Vec3, colour: Rgb): void => {
    positions.push(...from, ...to);
    colours.push(...colour, ...colour);
  };
  if (shot.durationSeconds > 0) {
    let before = shot.poseAt(0).position;
    for (let step = 1; step <= STEPS; step++) {
      const here = shot.poseAt((shot.durationSeconds * step) / STEPS).position;
      line(before, here, path);
      before = here;
    }
  }
  for (const key of keys) for (const [from, to] of frustum(key, depth)) line(from, to, frusta);
  return { positions: Float32Array.from(positions), colours: Float32Array.from(colours) };
}

/** Edges of a camera's field of view as far as its picture, and the tick that marks its upper side. */
function frustum(pose: CameraPose, depth: number): readonly (readonly [Vec3, Vec3])[] {
  const { worldToView: m } = poseParameters(pose, 1, 1);
  const halfHeight = depth * Math.tan((pose.fovYDegrees * Math.PI) / 360);
  const at = (x: number, y: number): Vec3 => {
    const [right, down] = [x * halfHeight * ASPECT, y * halfHeight];
    return vec3((k) => pose.position[k] + right * m[k] + down * m[4 + k] + depth * m[8 + k]);
  };
  const corners = [at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)] as const;
  return [
    ...corners.map((corner) => [pose.position, corner] as const),
    ...corners.map((corner, index) => [corner, corners[(index + 1) % 4]] as const),
    [at(-0.2, -1), at(0, -1.4)],
    [at(0, -1.4), at(0.2, -1)],
  ];
}
