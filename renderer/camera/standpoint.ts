import { fibonacciDirection } from '../core/directions.ts';
import { quantile, quantiles } from '../core/quantile.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { Ball } from '../core/subject.ts';
import { symmetricEigen } from '../core/symmetric-eigen.ts';
import { add, distance, dot, scale, vec3, type Vec3 } from '../core/vector.ts';

/** Splats that tell whether a scene is a room, and those that tell where to stand in it. */
const SAMPLES = 4000;
const PLACE_SAMPLES = 600;
/** Splats below which nothing is told. */
const FEWEST = 100;
/** Splats and neighbours that tell which way surfaces face. */
const FACED = 150;
const NEIGHBOURS = [6, 12] as const;
const SPLATS_PER_NEIGHBOUR = 100;
/** Walls, floor and ceiling face along so few directions, within so many degrees: round things do not. */
const FACINGS = 4;
const FACING_COSINE = Math.cos((12 * Math.PI) / 180);
const FLAT_FROM = 0.7;
/** A fit is never as flat as its walls were. */
const ROUGHLY_FLAT_FROM = 0.45;
/** Places that are tried along each side of a box around the scene. */
const TRIED = 7;
/** Splats on each side of each axis that do not count as its end, and those that do not keep a camera from a place. */
const OUTERMOST = 0.01;
const IN_THE_WAY = 0.001;
/** Of the free way around a standpoint a camera goes so far from it. */
const CAMERA_SHARE = 0.6;
/** Where splats hide this share of what they do in the middle one of all directions, there is a wall. */
const WALL_FROM = 0.1;
/** Of a belt of directions so many show a wall, where walls stand all around. */
const ENCLOSED_FROM = 0.85;
/** Half the width of a belt, as the sine of its angle. */
const BELT = 0.2;
/** What lies nearer than this share of the way to a wall stands before it; what lies as much farther, behind it. */
const BEFORE = 0.8;
/** Behind the walls of a room that was fitted lies so much, and so many times as much as before them. */
const FITTED_BEHIND = 0.04;
const FITTED_RATIO = 3;
/** Before flat walls that were made may lie so much, and so many times as much as behind: a room may have corners. */
const MADE_BEFORE = 0.03;
const MADE_RATIO = 2.5;

/** (directions, 3) unit vectors, evenly all around. */
const all = directionsOf(192);
const few = directionsOf(48);

/** The splats that are looked at. */
interface Sample {
  readonly count: number;
  /** (count, 3) world units. */
  readonly places: Float64Array;
}

/** What is seen from a place. */
interface Panorama {
  readonly isWall: readonly boolean[];
  /** (count) how far away each splat is. */
  readonly ways: Float64Array;
  /** (count) the direction that each splat lies in. */
  readonly directions: Uint8Array;
}

/**
 * Where to stand in a scene that is a room: a ball in which a camera has space and sees walls all around. Undefined for
 * everything that is to be looked at from outside.
 *
 * A room and a closed box are the same surface. Fits tell them apart, as they leave splats where no photo shows them:
 * behind the walls of a room, inside an object. Where nothing lies on either side, as in scenes that were not fitted,
 * what has flat walls counts as a room.
 * @param rows scene rows that can be seen, without strays
 */
export function findStandpoint(scene: SplatScene, rows: Int32Array): Ball | undefined {
  if (rows.length < FEWEST) return undefined;
  const sample = sampleOf(scene, rows, SAMPLES);
  const flat = flatShare(sample);
  if (flat < ROUGHLY_FLAT_FROM) return undefined;
  const place = clearestPlace(sampleOf(scene, rows, PLACE_SAMPLES));
  if (place.radius === 0) return undefined;
  const { isEnclosed, before, behind } = surroundingsOf(sample, place.centre);
  const isFitted = behind >= FITTED_BEHIND && behind >= FITTED_RATIO * before;
  const isMade = flat >= FLAT_FROM && before <= MADE_BEFORE + MADE_RATIO * behind;
  return isEnclosed && (isFitted || isMade) ? { centre: place.centre, radius: CAMERA_SHARE * place.radius } : undefined;
}

function sampleOf(scene: SplatScene, rows: Int32Array, most: number): Sample {
  const step = Math.max(1, Math.ceil(rows.length / most));
  const picked = rows.filter((_, i) => i % step === 0);
  const count = picked.length;
  const places = new Float64Array(3 * count);
  picked.forEach((row, i) => places.set(scene.positions.subarray(3 * row, 3 * row + 3), 3 * i));
  return { count, places };
}

/** Share of the splats that lie in surfaces which face along few directions. */
function flatShare(sample: Sample): number {
  let left = facings(sample);
  const { length } = left;
  for (let k = 0; k < FACINGS && left.length > 0; k++) {
    const apart = left.map((one) => left.filter((other) => Math.abs(dot(one, other)) < FACING_COSINE));
    left = apart.reduce((least, rest) => (rest.length < least.length ? rest : least));
  }
  return 1 - left.length / length;
}

/** Which way the surface faces that a splat and its neighbours make, for some of them. */
function facings({ count, places }: Sample): Vec3[] {
  const step = Math.max(1, Math.ceil(count / FACED));
  const neighbours = Math.min(Math.max(NEIGHBOURS[0], count / SPLATS_PER_NEIGHBOUR), NEIGHBOURS[1]);
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => {
    const squared = squaredDistances(places, placeOf(places, i * step));
    const reach = squared.slice().sort()[Math.round(neighbours)];
    const near: Vec3[] = [];
    squared.forEach((value, k) => value <= reach && near.push(placeOf(places, k)));
    return principalDirections(near)[0];
  });
}

/** Directions in which places spread least, more, and most. */
function principalDirections(places: readonly Vec3[]): Vec3[] {
  const middle = vec3((k) => places.reduce((sum, at) => sum + at[k], 0) / places.length);
  const spread = (j: number, k: number): number =>
    places.reduce((sum, at) => sum + (at[j] - middle[j]) * (at[k] - middle[k]), 0);
  const matrix = [spread(0, 0), spread(0, 1), spread(0, 2), spread(1, 1), spread(1, 2), spread(2, 2)];
  const { values, vectors } = symmetricEigen(matrix);
  return [0, 1, 2]
    .sort((a, b) => values[a] - values[b])
    .map((i): Vec3 => [vectors[i][0], vectors[i][1], vectors[i][2]]);
}

function squaredDistances(places: Float64Array, [x, y, z]: Vec3): Float64Array {
  const squared = new Float64Array(places.length / 3);
  for (let i = 0; i < squared.length; i++)
    squared[i] = (places[3 * i] - x) ** 2 + (places[3 * i + 1] - y) ** 2 + (places[3 * i + 2] - z) ** 2;
  return squared;
}

/** The place with most walls around and most space, and how much of it there is. */
function clearestPlace(sample: Sample): Ball {
  const axes = principalDirections(Array.from({ length: sample.count }, (_, i) => placeOf(sample.places, i)));
  const ends = axes.map((axis) =>
    quantiles(
      Float64Array.from({ length: sample.count }, (_, i) => dot(axis, placeOf(sample.places, i))),
      [OUTERMOST, 1 - OUTERMOST],
    ),
  );
  const placeAt = (shares: Vec3): Vec3 =>
    axes
      .map((axis, k) => scale(axis, ends[k][0] + shares[k] * (ends[k][1] - ends[k][0])))
      .reduce((sum, part) => add(sum, part));
  const middle = placeAt([0.5, 0.5, 0.5]);
  const reach = distance(placeAt([0, 0, 0]), middle);
  let best: Ball = { centre: middle, radius: 0 };
  let highest = 0;
  for (let i = 0; i < TRIED ** 3; i++) {
    const centre = placeAt(vec3((axis) => ((Math.floor(i / TRIED ** axis) % TRIED) + 1) / (TRIED + 1)));
    const { isWall, ways } = panoramaFrom(sample, centre, few);
    const walls = isWall.filter((wall) => wall).length;
    const [radius] = quantiles(ways, [IN_THE_WAY]);
    // Where all places are as good, as along a corridor, the one in the middle.
    const score = walls * radius * (1 - 0.25 * (distance(centre, middle) / reach));
    if (score > highest) [best, highest] = [{ centre, radius }, score];
  }
  return best;
}

/** Whether walls stand all around a place, and what share of the splats lies clearly before and behind them. */
function surroundingsOf(
  sample: Sample,
  place: Vec3,
): { readonly isEnclosed: boolean; readonly before: number; readonly behind: number } {
  const isEnclosed = hasBelt(panoramaFrom(sample, place, few).isWall);
  const { isWall, ways, directions } = panoramaFrom(sample, place, all);
  let [before, behind, walls] = [0, 0, 0];
  isWall.forEach((wall, direction) => {
    if (!wall) return;
    const here = ways.filter((_, i) => directions[i] === direction);
    const [way] = quantiles(here, [0.5]);
    before += here.filter((one) => one < BEFORE * way).length;
    behind += here.filter((one) => one > way / BEFORE).length;
    walls += here.length;
  });
  return { isEnclosed, before: before / walls, behind: behind / walls };
}

/** Whether there is a belt of walls, across whichever axis: rooms may lack floor and ceiling, and stand tilted. */
function hasBelt(isWall: readonly boolean[]): boolean {
  return isWall.some((_, axis) => {
    const belt = isWall.filter((__, i) => Math.abs(dot(placeOf(few, i), placeOf(few, axis))) < BELT);
    return belt.filter((wall) => wall).length >= ENCLOSED_FROM * belt.length;
  });
}

/** @param around (directions, 3) unit vectors */
function panoramaFrom({ count, places }: Sample, [x, y, z]: Vec3, around: Float64Array): Panorama {
  const seen = new Float64Array(around.length / 3);
  const ways = new Float64Array(count);
  const directions = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const [dx, dy, dz] = [places[3 * i] - x, places[3 * i + 1] - y, places[3 * i + 2] - z];
    let [nearest, highest] = [0, -Infinity];
    for (let k = 0; k < seen.length; k++) {
      const cosine = dx * around[3 * k] + dy * around[3 * k + 1] + dz * around[3 * k + 2];
      if (cosine > highest) [nearest, highest] = [k, cosine];
    }
    ways[i] = Math.hypot(dx, dy, dz);
    directions[i] = nearest;
    // Splats are as far apart all over a wall: those far away hide less.
    seen[nearest] += 1 / Math.max(ways[i] ** 2, Number.MIN_VALUE);
  }
  const least =
    WALL_FROM *
    quantile(
      seen.filter((share) => share > 0),
      0.5,
    );
  return { isWall: Array.from(seen, (share) => share > least), ways, directions };
}

function directionsOf(count: number): Float64Array {
  return Float64Array.from(Array.from({ length: count }, (_, i) => fibonacciDirection(i, count)).flat());
}

function placeOf(places: Float64Array, i: number): Vec3 {
  return [places[3 * i], places[3 * i + 1], places[3 * i + 2]];
}
