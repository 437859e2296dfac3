import { forwardOf, lookOrientation, rolled, slerp, turnToLook } from '../camera/camera-pose.ts';
import type { CameraPose, Orientation } from '../camera/camera-pose.ts';
import type { Viewpoint } from '../core/camera-file.ts';
import { distance, dot, mix, norm, subtract, vec3, type Vec3 } from '../core/vector.ts';
import { catmullRomSlopes, hermite, locate, monotoneSlopes } from './spline.ts';
import type { Shot } from './shot.ts';

/** A view that the path passes through. */
export interface CameraKey extends Viewpoint {
  readonly timeSeconds: number;
  /** Whether the camera comes to rest here before it goes on. */
  readonly stop: boolean;
}

/** Views in the order of their times, and how the camera goes from one to the next. */
export interface CameraPath {
  readonly keys: readonly CameraKey[];
  /** `keys`: each key is reached at its own time. `constant`: the same speed throughout; only the last time counts. */
  readonly timing: 'keys' | 'constant';
  /** Whether the camera starts and ends slowly. */
  readonly ease: boolean;
}

/** What is interpolated, in this order: position, target (3 each, world units), roll, field of view (degrees). */
const CHANNELS = 8;
const TARGET = 3;
const ROLL = 6;
const FOV = 7;
/** A piece between equal keys still needs a width; this share of the widest is too little to see. */
const LEAST_PIECE = 1e-3;
/** Steps a piece is measured by: the speed is then constant within a hundredth. */
const STEPS = 64;
/**
 * Sine of the angle between view and up direction: below the first the horizon is undefined, above the second it is
 * held level.
 */
const POLE = [0.05, 0.25] as const;

/**
 * The path as a shot. Position and target follow centripetal Catmull-Rom curves through every key, so a subject that
 * all keys look at stays in the middle; roll and field of view never leave the values of the keys around them. Away
 * from straight up and down the horizon stays level (but for the roll); near there the orientation is interpolated
 * instead, because the level one would spin.
 * @param path one key at least; times must increase
 */
export function pathShot(path: CameraPath): Shot {
  const { keys } = path;
  const first = keys[0];
  const last = keys.at(-1) as CameraKey;
  if (keys.length === 1) {
    const pose = poseOfKey(first);
    return { durationSeconds: 0, loops: false, poseAt: () => pose };
  }
  const curve = new Curve(keys);
  const durationSeconds = last.timeSeconds - first.timeSeconds;
  const knotAt =
    path.timing === 'constant' ? constantSpeed(curve, durationSeconds, path.ease) : keyedTime(curve, keys, path.ease);
  return {
    durationSeconds,
    loops: sameView(first, last),
    poseAt: (seconds) => curve.pose(knotAt(Math.min(durationSeconds, Math.max(0, seconds)))),
  };
}

/** The curve's parameter at each time, through the keys' own times, with rests and slow ends. */
function keyedTime(curve: Curve, keys: readonly CameraKey[], ease: boolean): (seconds: number) => number {
  const start = keys[0].timeSeconds;
  const times = Float64Array.from(keys, ({ timeSeconds }) => timeSeconds - start);
  const slopes = monotoneSlopes(times, curve.knots);
  keys.forEach(({ stop }, index) => {
    const isEnd = index === 0 || index === keys.length - 1;
    if (stop || (ease && isEnd)) slopes[index] = 0;
  });
  return (seconds) => {
    const { piece, fraction } = locate(times, seconds);
    return hermite(times, curve.knots, slopes, piece, fraction);
  };
}

/** The curve's parameter at each time, at constant speed. */
function constantSpeed(curve: Curve, durationSeconds: number, ease: boolean): (seconds: number) => number {
  const { knots, lengths } = curve.measure();
  const whole = lengths.at(-1) as number;
  return (seconds) => {
    const part = seconds / durationSeconds;
    const eased = ease ? part * part * (3 - 2 * part) : part;
    const { piece, fraction } = locate(lengths, eased * whole);
    const [from, to] = [knots[piece], knots[piece + 1]];
    return from + (to - from) * fraction;
  };
}

/** The path's shape over its knots, without times. */
class Curve {
  /** (K) knot vector, increasing; spaced by the square root of the distance between two keys (centripetal). */
  readonly knots: Float64Array;
  /** (CHANNELS)(K) values and slopes. */
  private readonly values: readonly Float64Array[];
  private readonly slopes: readonly Float64Array[];
  private readonly ups: readonly Vec3[];
  private readonly orientations: readonly Orientation[];
  /** World units for a radian of roll or of field of view: the mean distance to the targets. */
  private readonly unitsPerRadian: number;

  constructor(keys: readonly CameraKey[]) {
    this.unitsPerRadian = keys.reduce((sum, { position, target }) => sum + distance(position, target), 0) / keys.length;
    this.values = Array.from({ length: CHANNELS }, (_, channel) =>
      Float64Array.from(keys, (key) => channelsOf(key)[channel]),
    );
    const spans = Array.from({ length: keys.length - 1 }, (_, piece) =>
      Math.sqrt(this.viewDistance(this.channelsAtKey(piece), this.channelsAtKey(piece + 1))),
    );
    const widest = Math.max(...spans) || 1;
    this.knots = new Float64Array(keys.length);
    spans.forEach((span, piece) => (this.knots[piece + 1] = this.knots[piece] + Math.max(span, widest * LEAST_PIECE)));
    this.slopes = this.values.map((values, channel) =>
      (channel < ROLL ? catmullRomSlopes : monotoneSlopes)(this.knots, values),
    );
    this.ups = keys.map(({ up }) => up);
    this.orientations = keys.map((key) => lookOrientation({ ...key, rollDegrees: 0 }));
  }

  pose(knot: number): CameraPose {
    const { piece, fraction } = locate(this.knots, knot);
    const values = this.channels(piece, fraction);
    const position = vec3((k) => values[k]);
    const target = vec3((k) => values[TARGET + k]);
    const level = this.levelOrientation(position, target, piece, fraction);
    return { position, target, orientation: rolled(level, values[ROLL]), fovYDegrees: values[FOV] };
  }

  /** How long the curve has become at many knots; neither ever decreases. */
  measure(): { readonly knots: Float64Array; readonly lengths: Float64Array } {
    const pieces = this.knots.length - 1;
    const knots = new Float64Array(pieces * STEPS + 1);
    const lengths = new Float64Array(knots.length);
    let before = this.channels(0, 0);
    for (let step = 1; step < knots.length; step++) {
      const piece = Math.floor((step - 1) / STEPS);
      const fraction = (step - piece * STEPS) / STEPS;
      const [from, to] = [this.knots[piece], this.knots[piece + 1]];
      const here = this.channels(piece, fraction);
      knots[step] = from + (to - from) * fraction;
      lengths[step] = lengths[step - 1] + this.viewDistance(before, here);
      before = here;
    }
    return { knots, lengths };
  }

  private channels(piece: number, fraction: number): number[] {
    return this.values.map((values, channel) => hermite(this.knots, values, this.slopes[channel], piece, fraction));
  }

  private channelsAtKey(key: number): number[] {
    return this.values.map((values) => values[key]);
  }

  /** The distance between two views in world units, turns and zooms included. */
  private viewDistance(a: readonly number[], b: readonly number[]): number {
    const unitsPerDegree = (this.unitsPerRadian * Math.PI) / 180;
    return Math.hypot(...a.map((value, channel) => (b[channel] - value) * (channel < ROLL ? 1 : unitsPerDegree)));
  }

  private levelOrientation(position: Vec3, target: Vec3, piece: number, fraction: number): Orientation {
    const between = slerp(this.orientations[piece], this.orientations[piece + 1], fraction);
    const forward = subtract(target, position);
    if (norm(forward) === 0) return between;
    const carried = turnToLook(between, forward);
    const up = mixed(this.ups[piece], this.ups[piece + 1], fraction);
    const levelness = smoothstep(POLE[0], POLE[1], sineBetween(forwardOf(carried), up));
    return levelness === 0
      ? carried
      : slerp(carried, lookOrientation({ position, target, up, rollDegrees: 0 }), levelness);
  }
}

function poseOfKey(key: CameraKey): CameraPose {
  const { position, target, fovYDegrees } = key;
  return { position, target, orientation: lookOrientation(key), fovYDegrees };
}

function channelsOf({ position, target, rollDegrees, fovYDegrees }: CameraKey): readonly number[] {
  return [...position, ...target, rollDegrees, fovYDegrees];
}

function sameView(a: CameraKey, b: CameraKey): boolean {
  const [left, right] = [channelsOf(a), channelsOf(b)];
  return left.every((value, channel) =>
    channel === ROLL ? (value - right[channel]) % 360 === 0 : value === right[channel],
  );
}

/** Opposite up directions have no middle: the first one stays. */
function mixed(a: Vec3, b: Vec3, fraction: number): Vec3 {
  const up = mix(a, b, fraction);
  return norm(up) > 1e-6 ? up : a;
}

/** Sine of the angle between a unit direction and another of any length. */
function sineBetween(unit: Vec3, other: Vec3): number {
  const cosine = dot(unit, other) / norm(other);
  return Math.sqrt(Math.max(0, 1 - cosine * cosine));
}

function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
