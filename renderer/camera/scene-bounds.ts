import { fibonacciDirection } from '../core/directions.ts';
import { opacityOfLogit } from '../core/drawable.ts';
import { quantiles } from '../core/quantile.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { findSubject, rowsInside, type Ball } from '../core/subject.ts';
import { distance, dot, norm, scale, subtract, vec3, type Vec3 } from '../core/vector.ts';
import { clusters } from './connected.ts';
import { findStandpoint } from './standpoint.ts';

/** The ball around what is to be looked at of a scene; a few stray splats far away do not count. World units. */
export interface SceneBounds extends Ball {
  /** On each axis its splats lie between these, but for the outermost few. */
  readonly low: Vec3;
  readonly high: Vec3;
  /** Its surroundings would hide it from farther away. */
  readonly isSurrounded: boolean;
  /** It is a room, which is looked at from in here: a ball in which a camera has space. */
  readonly standpoint?: Ball;
}

/** Enough samples for stable percentiles, few enough to sort in a blink. */
const SAMPLES = 20_000;
const VISIBLE_LOGIT = -2.2;
/** Fainter ones (opacity 0.01) are not seen in layers either. */
const FAINTEST_LOGIT = -4.6;
/** Optical depth of a place from which on its faint splats are seen together: it hides 63 % of what is behind. */
const LAYERS = 1;
/** Share of splats that surely belong to the scene: those nearest to its median. */
const BODY = 0.9;
/** What hangs together with them belongs to it, too: up to so many radii of this share of all, however far it goes. */
const BULK = 0.98;
const FARTHEST = 2;
/** What hangs together lies no farther apart than this share of the body's radius, or than so many mean distances. */
const LINK = 0.12;
const LINK_SPACINGS = 1.5;
/** Beyond so many radii of the body nothing is looked at: in one picture both would be specks. */
const REACH = 15;
/** An object that stands apart hangs together, too, if more loosely. */
const LINK_OBJECT = 0.25;
/** Splats so many standard deviations apart are seen as one. */
const SIZES_APART = 2;
/** Beside the rest an object is so many splats together, and so large a share of all: fewer are strays. */
const FEWEST_OF_OBJECT = 10;
const SMALLEST_OBJECT = 0.003;
/** What stands apart and is wider than this many radii of the body is surroundings, which this share makes a part. */
const WIDEST_OBJECT = 1.5;
const SMALLEST_SURROUNDINGS = 0.02;
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

/** What of a scene's visible splats is no stray. */
interface Kept {
  /** The main object and all that hangs together with it. */
  readonly main: Int32Array;
  /** Objects that stand apart from it. */
  readonly apart: Int32Array;
}

const known = new WeakMap<SplatScene, SceneBounds>();

/**
 * The ball around the splats that can be seen (opacity above 0.1, or layers of fainter ones). Mass at one end does not
 * move it: a thin leaf above a dense pot is in it, and so are objects beside it that are more than strays. Splats that
 * are larger than all that are seen from outside, as a picture from within shows nothing. Of a subject with
 * surroundings that would hide it from outside, a doll in a room or a tree before the sky, it is the ball around the
 * subject. A room of walls alone has a place in it to look from.
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
  const { main, apart } = withoutStrays(scene, withLayers(scene, indices));
  const kept = Int32Array.of(...main, ...apart);
  const whole = ballAround(scene, kept);
  const subject = surroundedSubject(scene, indices, whole);
  if (subject !== undefined) {
    return { ...subject, ...extent(scene, rowsInside(scene, indices, subject)), isSurrounded: true };
  }
  const size = medianSize(scene, kept);
  if (size > whole.radius) return cube({ centre: whole.centre, radius: REACH_OF_GIANTS * size });
  if (whole.radius === 0) return cube({ centre: whole.centre, radius: 1 });
  // What has something beside it is looked at from outside.
  const standpoint = apart.length > 0 ? undefined : findStandpoint(scene, main);
  return { ...whole, ...extent(scene, kept), isSurrounded: false, ...(standpoint && { standpoint }) };
}

/** Adds faint splats to those that are visible on their own where many lie in one place, as in a thin blade. */
function withLayers(scene: SplatScene, visible: Int32Array): Int32Array {
  const side = LINK * ballAround(scene, nearestToMedian(scene, visible)).radius;
  if (!(side > 0)) return visible;
  const every = sample(scene, FAINTEST_LOGIT);
  const samplesFor = Math.max(1, Math.floor(scene.count / SAMPLES));
  const cells = new Map<string, { cover: number; readonly faint: number[] }>();
  for (const index of every) {
    const key = placeOf(scene, index)
      .map((x) => Math.floor(x / side))
      .join();
    const cell = cells.get(key) ?? { cover: 0, faint: [] };
    cells.set(key, cell);
    const [, middle, longest] = [...scene.logScales.subarray(3 * index, 3 * index + 3)].sort((a, b) => a - b);
    const area = Math.min(1, (Math.PI * COVERED_DEVIATIONS ** 2 * Math.exp(middle + longest)) / side ** 2);
    if (area >= 0) cell.cover += samplesFor * area * opacityOfLogit(scene.logitOpacities[index]);
    if (!(scene.logitOpacities[index] > VISIBLE_LOGIT)) cell.faint.push(index);
  }
  const seen = [...cells.values()].filter(({ cover }) => cover > LAYERS).flatMap(({ faint }) => faint);
  return Int32Array.of(...visible, ...seen).sort();
}

function nearestToMedian(scene: SplatScene, indices: Int32Array): Int32Array {
  const median = medianPlace(scene, indices);
  const ways = Float64Array.from(indices, (index) => distance(placeOf(scene, index), median));
  const [body] = quantiles(ways, [BODY]);
  return indices.filter((_, i) => ways[i] <= body);
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

/** The splats nearest to the median, what hangs together with them, and the objects beside them. */
function withoutStrays(scene: SplatScene, indices: Int32Array): Kept {
  const median = medianPlace(scene, indices);
  const sorted = [...indices]
    .map((index) => ({ index, way: distance(placeOf(scene, index), median) }))
    .sort((a, b) => a.way - b.way);
  const radiusOf = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1].way;
  const body = radiusOf(BODY);
  const bulk = body === 0 ? radiusOf(BULK) : Math.min(radiusOf(BULK), REACH * body);
  const sure = sorted.filter(({ way }) => way <= (body === 0 ? bulk : body));
  const rest = sorted.slice(sure.length).filter(({ way }) => way <= Math.max(FARTHEST * bulk, REACH * body));
  const main = sure.map(({ index }) => index);
  if (body === 0) return { main: Int32Array.from(main), apart: Int32Array.of() };
  const spacing = body * ((4 * Math.PI) / 3 / sorted.length) ** (1 / 3);
  const placesOf = (some: typeof sorted): Vec3[] => some.map(({ index }) => placeOf(scene, index));
  const beyond: typeof sorted = [];
  for (const { members, touchesMain } of clusters(
    placesOf(rest),
    Math.max(LINK * body, LINK_SPACINGS * spacing),
    placesOf(sure),
  ))
    if (!touchesMain) beyond.push(...members.map((i) => rest[i]));
    else main.push(...members.filter((i) => rest[i].way <= FARTHEST * bulk).map((i) => rest[i].index));
  const touching =
    SIZES_APART *
    medianSize(
      scene,
      Int32Array.from(beyond, ({ index }) => index),
    );
  const loosely = Math.max(Math.min(touching, body), LINK_OBJECT * body, LINK_SPACINGS * spacing);
  const apart = clusters(placesOf(beyond), loosely)
    .map(({ members }) => members.map((i) => beyond[i]))
    .filter((members) => isObject(placesOf(members), sorted.length, body))
    .flatMap((members) => members.map(({ index }) => index));
  return { main: Int32Array.from(main), apart: Int32Array.from(apart) };
}

/** Whether a cluster that stands apart is looked at, too: no strays, and no small part of surroundings. */
function isObject(places: readonly Vec3[], all: number, body: number): boolean {
  if (places.length < Math.max(FEWEST_OF_OBJECT, SMALLEST_OBJECT * all)) return false;
  const isNarrow = places.every((place) => distance(place, places[0]) <= 2 * WIDEST_OBJECT * body);
  return isNarrow || places.length >= SMALLEST_SURROUNDINGS * all;
}

/** The middle one of the splats' places on each axis. */
function medianPlace({ positions }: SplatScene, indices: Int32Array): Vec3 {
  return vec3((axis) => Float64Array.from(indices, (index) => positions[3 * index + axis]).sort()[indices.length >> 1]);
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
