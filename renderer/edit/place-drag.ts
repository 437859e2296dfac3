import type { CameraParameters } from '../core/camera-parameters.ts';
import { cameraCentre } from '../core/camera-parameters.ts';
import { add, cross, dot, normalise, scale, subtract, vec3, type Vec3 } from '../core/vector.ts';
import { NO_TURN, turnOfDegrees } from './place.ts';
import type { Turn } from './place.ts';
import { alongAxis, movedInPlane, projectPoint } from './shapes.ts';

/** What a handle does: moves in the plane of the picture, moves along an axis, turns about one, or scales. */
export const PLACE_HANDLES = ['move-x', 'move-y', 'move-z', 'turn-x', 'turn-y', 'turn-z', 'scale', 'move'] as const;
export type PlaceHandle = (typeof PLACE_HANDLES)[number];

/** What a drag does to the scene, on top of how it was placed: world units, about the handles' centre. */
export interface PlaceChange {
  readonly move: Vec3;
  readonly turn: Turn;
  /** Above 0. */
  readonly scale: number;
}

/** Pixels from the top left. */
export type PicturePoint = readonly [x: number, y: number];

/** How a handle is drawn, in pixels. */
export interface PlaceHandleDrawing {
  /** The line to take hold of; none for the centre. */
  readonly line: readonly PicturePoint[];
  readonly knob: PicturePoint | undefined;
}

/** From the middle of the handles, in pixels. */
const RING = 78;
const ARROW = 104;
const OUTER_RING = 124;
const SHORTEST_ARROW = 26;
const SEGMENTS = 64;
/** A ring that is seen from farther than this off its axis follows the pointer along its line, not round its middle. */
const LEAST_FACING = 0.35;
/** One press of an arrow key. */
const KEY_PIXELS = 4;
const KEY_DEGREES = 1;
const KEY_SHARE = 0.01;

const NOTHING: PlaceChange = { move: [0, 0, 0], turn: NO_TURN, scale: 1 };

/**
 * How a handle about `centre` (world units) is drawn for a camera; undefined behind the camera, and for an axis that
 * points at it.
 */
export function drawPlaceHandle(
  handle: PlaceHandle,
  centre: Vec3,
  camera: CameraParameters,
): PlaceHandleDrawing | undefined {
  const at = projectPoint(camera, centre);
  if (at === undefined) return undefined;
  const middle: PicturePoint = [at.x, at.y];
  if (handle === 'move') return { line: [], knob: middle };
  const round = (angle: number): PicturePoint => [
    at.x + OUTER_RING * Math.cos(angle),
    at.y - OUTER_RING * Math.sin(angle),
  ];
  if (handle === 'scale')
    return {
      line: Array.from({ length: SEGMENTS + 1 }, (_, i) => round((2 * Math.PI * i) / SEGMENTS)),
      knob: round(Math.PI / 4),
    };
  const pixel = at.depth / camera.fx;
  const axis = axisOf(handle);
  if (handle.startsWith('turn')) return { line: nearArc(centre, axis, RING * pixel, camera), knob: undefined };
  const tip = projectPoint(camera, add(centre, scale(axis, ARROW * pixel)));
  if (tip === undefined || Math.hypot(tip.x - at.x, tip.y - at.y) < SHORTEST_ARROW) return undefined;
  return { line: [middle, [tip.x, tip.y]], knob: [tip.x, tip.y] };
}

/** What dragging a handle from one pixel to another does. */
export function dragPlaceHandle(
  handle: PlaceHandle,
  centre: Vec3,
  camera: CameraParameters,
  from: PicturePoint,
  to: PicturePoint,
): PlaceChange {
  const at = projectPoint(camera, centre);
  if (at === undefined) return NOTHING;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const pixel = at.depth / camera.fx;
  if (handle === 'move')
    return { ...NOTHING, move: subtract(movedInPlane(centre, camera, dx * pixel, dy * pixel), centre) };
  if (handle === 'scale') {
    const reach = (p: PicturePoint): number => Math.max(1, Math.hypot(p[0] - at.x, p[1] - at.y));
    return { ...NOTHING, scale: reach(to) / reach(from) };
  }
  const axis = axisOf(handle);
  if (handle.startsWith('move')) return { ...NOTHING, move: scale(axis, alongAxis(centre, axis, camera, at, dx, dy)) };
  const towardsEye = normalise(subtract(cameraCentre(camera.worldToView), centre));
  const facing = dot(axis, towardsEye);
  if (Math.abs(facing) > LEAST_FACING) {
    const angle = (p: PicturePoint): number => Math.atan2(at.y - p[1], p[0] - at.x);
    return { ...NOTHING, turn: turnAbout(axis, Math.sign(facing) * (angle(to) - angle(from))) };
  }
  // Seen from its side, the nearest point of the ring goes along its line.
  const near = normalise(subtract(towardsEye, scale(axis, facing)));
  const tangent = cross(axis, near);
  const radius = RING * pixel;
  return { ...NOTHING, turn: turnAbout(axis, alongAxis(centre, tangent, camera, at, dx, dy) / radius) };
}

/** What pressing arrow keys on a handle does: `steps` to the right or upwards, negative to the left or down. */
export function keyPlaceHandle(
  handle: PlaceHandle,
  centre: Vec3,
  camera: CameraParameters,
  [right, up]: readonly [right: number, up: number],
): PlaceChange {
  const at = projectPoint(camera, centre);
  if (at === undefined) return NOTHING;
  if (handle === 'move') return dragPlaceHandle(handle, centre, camera, [0, 0], [right * KEY_PIXELS, -up * KEY_PIXELS]);
  const steps = right + up;
  if (handle === 'scale') return { ...NOTHING, scale: (1 + KEY_SHARE) ** steps };
  const axis = axisOf(handle);
  if (handle.startsWith('turn')) return { ...NOTHING, turn: turnAbout(axis, (steps * KEY_DEGREES * Math.PI) / 180) };
  return { ...NOTHING, move: scale(axis, (steps * KEY_PIXELS * at.depth) / camera.fx) };
}

function axisOf(handle: PlaceHandle): Vec3 {
  const index = ['x', 'y', 'z'].indexOf(handle.at(-1) ?? '');
  return vec3((k) => (k === index ? 1 : 0));
}

function turnAbout(axis: Vec3, radians: number): Turn {
  return turnOfDegrees(scale(axis, (radians * 180) / Math.PI));
}

/** The half of a circle that is nearer to the camera, all of it where it faces the camera. */
function nearArc(centre: Vec3, axis: Vec3, radius: number, camera: CameraParameters): readonly PicturePoint[] {
  const towardsEye = normalise(subtract(cameraCentre(camera.worldToView), centre));
  const facing = dot(axis, towardsEye);
  const isWhole = Math.abs(facing) > 0.98;
  const first = normalise(isWhole ? cross(axis, [axis[1], axis[2], axis[0]]) : cross(towardsEye, axis));
  const second = cross(axis, first);
  const sense = dot(second, towardsEye) < 0 ? -1 : 1;
  const span = isWhole ? 2 * Math.PI : Math.PI;
  return Array.from({ length: SEGMENTS + 1 }, (_, i): PicturePoint | undefined => {
    const angle = (sense * span * i) / SEGMENTS;
    const point = add(scale(first, radius * Math.cos(angle)), scale(second, radius * Math.sin(angle)));
    const at = projectPoint(camera, add(centre, point));
    return at === undefined ? undefined : [at.x, at.y];
  }).filter((point) => point !== undefined);
}
