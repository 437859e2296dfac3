import { fibonacciDirection } from '../core/directions.ts';
import { opacityOfLogit } from '../core/drawable.ts';
import { quantiles } from '../core/quantile.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { findSubject, rowsInside, type Ball } from '../core/subject.ts';
import { distance, dot, norm, scale, subtract, vec3, type Vec3 } from '../core/vector.ts';

/** The ball around what is to be looked at of a scene; a few stray splats far away do not count. World units. */
export interface SceneBounds extends Ball {
  /** On each axis its splats lie between these, but for the outermost few. */
  readonly low: Vec3;
  readonly high: Vec3;
  /** Its surroundings would hide it from farther away. */
  readonly isSurrounded: boolean;
}

/** Enough samples for stable percentiles, few enough to sort in a blink. */
const SAMPLES = 20_000;
const VISIBLE_LOGIT = -2.2;
/** Share of splats that surely belong to the scene: those nearest to its median. */
const BULK = 0.98;
/** Beyond the bulk the scene goes on until there is nothing for this share of the way from its median. */
const GAP = 0.2;
/** And ends at this many radii of the bulk, however far its surroundings reach. */
const FARTHEST = 2;
/** Of splats that are larger than the scene that their middles make, so many standard deviations are in sight. */
const REACH_OF_GIANTS = 3;
/** Quantile of the splats on each side of each axis that do not count as its end. */
const OUTERMOST = 0.005;

/** A scene that reaches less far than this many radii of its subject is looked at from outside. */
const SURROUNDED_RADII = 3;
/** From this many radii of a subject it is looked at: what lies farther stands behind the camera or the subject. */
export const LOOKED_AT_FROM_RADII = 2.6;
/** Share of all directions that what stands around a subject covers, from which on it hides it. */
const SURROUNDED_FROM = 0.3;
/** Samples and directions that tell what stands around what. */
const SURROUNDING_SAMPLES = 5000;
const DIRECTIONS = 192;
/** A splat covers about the ellipse of so many standard deviations. */
const COVERED_DEVIATIONS = 2;

const known = new WeakMap<SplatScene, SceneBounds>();

/**
 * The ball around the splats that can be seen (opacity above 0.1). Mass at one end does not move it: a thin leaf above
 * a dense pot is in it. Strays are those that lie beyond a gap, or beyond twice the radius of 98 % of all. Splats
 * that are larger than all that are seen from outside, as a picture from within shows nothing. Of a subject with
 * surroundings that would hide it from outside, a doll in a room or a tree before the sky, it is the ball around the
 * subject.
 */
export function sceneBounds(scene: SplatScene): SceneBounds {
  const before = known.get(scene);
  if (before !== undefined) return before;
  const bounds = boundsOf(scene);
  known.set(scene, bounds);
  return bounds;
}

function boundsOf(scene: SplatScene): SceneBounds {
  const picked = sample(scene, VISIBLE_LOGIT);
  const indices = picked.length > 0 ? picked : sample(scene, -Infinity);
  if (indices.length === 0) return cube({ centre: [0, 0, 0], radius: 1 });
  const kept = withoutStrays(scene, indices);
  const whole = ballAround(scene, kept);
  const subject = surroundedSubject(scene, indices, whole);
  if (subject !== undefined) {
    return { ...subject, ...extent(scene, rowsInside(scene, indices, subject)), isSurrounded: true };
  }
  const size = medianSize(scene, kept);
  if (size > whole.radius) return cube({ centre: whole.centre, radius: REACH_OF_GIANTS * size });
  return whole.radius > 0
    ? { ...whole, ...extent(scene, kept), isSurrounded: false }
    : cube({ centre: whole.centre, radius: 1 });
}

/** A ball of which nothing more is known. */
function cube({ centre, radius }: Ball): SceneBounds {
  const [low, high] = [-radius, radius].map((by) => vec3((k) => centre[k] + by));
  return { centre, radius, low, high, isSurrounded: false };
}

function ballAround(scene: SplatScene, indices: Int32Array): Ball {
  const centre = vec3((axis) => {
    let [least, most] = [Infinity, -Infinity];
    for (const index of indices) {
      least = Math.min(least, scene.positions[index * 3 + axis]);
      most = Math.max(most, scene.positions[index * 3 + axis]);
    }
    return (least + most) / 2;
  });
  return {
    centre,
    radius: indices.reduce((most, index) => Math.max(most, distance(placeOf(scene, index), centre)), 0),
  };
}

function extent({ positions }: SplatScene, indices: Int32Array): Pick<SceneBounds, 'low' | 'high'> {
  const ends = vec3((axis) => axis).map((axis) =>
    quantiles(
      Float64Array.from(indices, (index) => positions[index * 3 + axis]),
      [OUTERMOST, 1 - OUTERMOST],
    ),
  );
  return { low: vec3((axis) => ends[axis][0]), high: vec3((axis) => ends[axis][1]) };
}

/** The subject of a scene that its surroundings hide from outside; undefined where nothing does. */
function surroundedSubject(scene: SplatScene, indices: Int32Array, whole: Ball): Ball | undefined {
  const step = Math.ceil(indices.length / SURROUNDING_SAMPLES);
  const rows = indices.filter(
    (row, i) => i % step === 0 && scene.logScales.subarray(3 * row, 3 * row + 3).every(isFinite),
  );
  if (rows.length === 0) return undefined;
  const subject = findSubject(scene, rows);
  if (subject.radius === 0 || whole.radius < SURROUNDED_RADII * subject.radius) return undefined;
  const splatsPerRow = scene.count / rows.length;
  return coverBeyond(scene, rows, splatsPerRow, subject) < SURROUNDED_FROM ? undefined : subject;
}

/**
 * Share of all directions from a subject's middle that splats cover which lie farther than it is looked at from.
 * @param splatsPerRow how many splats each of the rows stands for
 */
function coverBeyond(scene: SplatScene, rows: Int32Array, splatsPerRow: number, { centre, radius }: Ball): number {
  const directions = Array.from({ length: DIRECTIONS }, (_, i) => fibonacciDirection(i, DIRECTIONS));
  const through = new Float64Array(DIRECTIONS).fill(1);
  for (const row of rows) {
    const offset = subtract(placeOf(scene, row), centre);
    const far = norm(offset);
    if (far < LOOKED_AT_FROM_RADII * radius) continue;
    const [, middle, longest] = [...scene.logScales.subarray(3 * row, 3 * row + 3)].sort((a, b) => a - b);
    const ellipse = Math.PI * COVERED_DEVIATIONS ** 2 * Math.exp(middle + longest);
    const share = (ellipse / far ** 2 / (4 * Math.PI)) * DIRECTIONS;
    const covered = Math.min(1, splatsPerRow * opacityOfLogit(scene.logitOpacities[row]) * share);
    const towards = scale(offset, 1 / far);
    let nearest = 0;
    directions.forEach((direction, i) => {
      if (dot(direction, towards) > dot(directions[nearest], towards)) nearest = i;
    });
    through[nearest] *= 1 - covered;
  }
  return 1 - through.reduce((sum, share) => sum + share, 0) / DIRECTIONS;
}

/** The middle one of the splats' largest standard deviations; 0 where none is finite. */
function medianSize({ logScales }: SplatScene, indices: Int32Array): number {
  const sizes = Float64Array.from(indices, (i) => Math.exp(Math.max(...logScales.subarray(3 * i, 3 * i + 3))));
  const finite = sizes.filter(Number.isFinite).sort();
  return finite.length === 0 ? 0 : finite[finite.length >> 1];
}

/** The splats nearest to the median, up to the gap behind which the strays lie. */
function withoutStrays(scene: SplatScene, indices: Int32Array): Int32Array {
  const axis = new Float64Array(indices.length);
  const median = vec3((component) => {
    indices.forEach((index, slot) => (axis[slot] = scene.positions[index * 3 + component]));
    axis.sort();
    return axis[axis.length >> 1];
  });
  const far = [...indices]
    .map((index) => ({ index, distance: distance(placeOf(scene, index), median) }))
    .sort((a, b) => a.distance - b.distance);
  let end = Math.min(far.length, Math.ceil(far.length * BULK));
  const farthest = far[end - 1].distance * FARTHEST;
  while (end < far.length && far[end].distance <= Math.min(farthest, far[end - 1].distance * (1 + GAP))) end += 1;
  return Int32Array.from(far.slice(0, end), ({ index }) => index);
}

function placeOf({ positions }: SplatScene, index: number): Vec3 {
  return [positions[3 * index], positions[3 * index + 1], positions[3 * index + 2]];
}

/** Evenly spaced finite splats whose opacity logit exceeds `minLogit`. */
function sample(scene: SplatScene, minLogit: number): Int32Array {
  const step = Math.max(1, Math.floor(scene.count / SAMPLES));
  const indices: number[] = [];
  for (let index = 0; index < scene.count; index += step) {
    const sum = scene.positions[index * 3] + scene.positions[index * 3 + 1] + scene.positions[index * 3 + 2];
    if (Number.isFinite(sum) && scene.logitOpacities[index] > minLogit) indices.push(index);
  }
  return Int32Array.from(indices);
}
