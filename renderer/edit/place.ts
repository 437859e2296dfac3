import { shBasis } from '../core/reference-render.ts';
import { shRestCount } from '../core/splat-scene.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { add, cross, dot, norm, normalise, scale, subtract, vec3, type Vec3 } from '../core/vector.ts';

/** A unit quaternion, w x y z. */
export type Turn = readonly [w: number, x: number, y: number, z: number];

export const NO_TURN: Turn = [1, 0, 0, 0];

/** A turn and a scaling about a point, and a move: world units. */
export interface Placement {
  readonly about: Vec3;
  readonly turn: Turn;
  /** Above 0. */
  readonly scale: number;
  readonly move: Vec3;
}

/** Points of the sphere by which the harmonics of a turned scene are found; the highest degree has 7 of them. */
const DIRECTIONS = 48;

/** About the x axis, then y, then z, in degrees. */
export function turnOfDegrees(degrees: Vec3): Turn {
  const about = (axis: number): Turn => {
    const half = (degrees[axis] * Math.PI) / 360;
    const [x, y, z] = vec3((k) => (k === axis ? Math.sin(half) : 0));
    return [Math.cos(half), x, y, z];
  };
  return multiplyTurns(about(2), multiplyTurns(about(1), about(0)));
}

/** The degrees about x, then y, then z that make a turn: `turnOfDegrees` the other way round. */
export function degreesOfTurn([w, x, y, z]: Turn): Vec3 {
  const sine = Math.max(-1, Math.min(1, 2 * (w * y - x * z)));
  const degrees = (radians: number): number => (radians * 180) / Math.PI;
  const about = degrees(Math.asin(sine));
  // At a right angle about y the two others turn about the same line: one of them is enough.
  if (Math.abs(sine) > 1 - 1e-9) return [degrees(2 * Math.atan(x / w)), about, 0];
  return [
    degrees(Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))),
    about,
    degrees(Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))),
  ];
}

/** The shortest turn that takes one direction to another. */
export function turnBetween(from: Vec3, to: Vec3): Turn {
  const [a, b] = [normalise(from), normalise(to)];
  const cosine = dot(a, b);
  if (cosine < -1 + 1e-12) {
    // Half a turn about any axis across.
    const across = normalise(cross(a, Math.abs(a[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
    return [0, ...across];
  }
  const [x, y, z] = cross(a, b);
  const length = Math.hypot(1 + cosine, x, y, z);
  return [(1 + cosine) / length, x / length, y / length, z / length];
}

/**
 * The turn that makes the plane through three points of the ground level: its side towards `up` becomes up. Undefined
 * where they lie on one line.
 */
export function turnToLevel([a, b, c]: readonly [Vec3, Vec3, Vec3], up: Vec3): Turn | undefined {
  const normal = cross(subtract(b, a), subtract(c, a));
  if (!(norm(normal) > 1e-6 * norm(subtract(b, a)) * norm(subtract(c, a)))) return undefined;
  return turnBetween(dot(normal, up) < 0 ? scale(normal, -1) : normal, up);
}

/** Where a placement puts a point. */
export function placePoint({ about, turn, scale: factor, move }: Placement, point: Vec3): Vec3 {
  return add(add(about, move), scale(turnVector(turn, subtract(point, about)), factor));
}

/**
 * The scene moved, turned and scaled: places, axis lengths, orientations, and the colours that change with the
 * direction of view. A placement that does nothing gives every number back as it was.
 */
export function placeScene(scene: SplatScene, placement: Placement): SplatScene {
  const { count } = scene;
  const { turn, scale: factor } = placement;
  const isTurned = turn.some((value, k) => value !== NO_TURN[k]);
  const positions = new Float32Array(3 * count);
  for (let i = 0; i < count; i++)
    positions.set(
      placePoint(
        placement,
        vec3((k) => scene.positions[3 * i + k]),
      ),
      3 * i,
    );
  const grown = Math.log(factor);
  const logScales = factor === 1 ? scene.logScales : scene.logScales.map((value) => value + grown);
  if (!isTurned) return { ...scene, positions, logScales };
  const quats = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const [w, x, y, z] = scene.quats.subarray(4 * i, 4 * i + 4);
    quats.set(multiplyTurns(turn, [w, x, y, z]), 4 * i);
  }
  return { ...scene, positions, logScales, quats, shRest: turnHarmonics(scene, turn) };
}

/** The second turn, then the first one. */
export function multiplyTurns([aw, ax, ay, az]: Turn, [bw, bx, by, bz]: Turn): Turn {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}

function turnVector([w, x, y, z]: Turn, v: Vec3): Vec3 {
  const axis: Vec3 = [x, y, z];
  const twice = scale(cross(axis, v), 2);
  return add(add(v, scale(twice, w)), cross(axis, twice));
}

/** The coefficients above degree 0 of a scene whose colours turn with it. */
function turnHarmonics({ count, shDegree, shRest }: SplatScene, turn: Turn): Float32Array {
  const width = shRestCount(shDegree) * 3;
  const out = new Float32Array(shRest.length);
  for (let degree = 1; degree <= shDegree; degree++) {
    const size = 2 * degree + 1;
    const first = degree * degree - 1;
    const matrix = harmonicsMatrix(degree, turn);
    for (let i = 0; i < count; i++) {
      const at = i * width + first * 3;
      for (let row = 0; row < size; row++)
        for (let channel = 0; channel < 3; channel++) {
          let sum = 0;
          for (let column = 0; column < size; column++) sum += matrix[row][column] * shRest[at + column * 3 + channel];
          out[at + row * 3 + channel] = sum;
        }
    }
  }
  return out;
}

/**
 * How a degree's coefficients change when what they describe is turned. The turned colour at a direction is the old one
 * at the direction turned back, which for many directions fixes the matrix by least squares.
 */
function harmonicsMatrix(degree: number, [w, x, y, z]: Turn): readonly (readonly number[])[] {
  const size = 2 * degree + 1;
  const back: Turn = [w, -x, -y, -z];
  const bandOf = ([dx, dy, dz]: Vec3): number[] =>
    shBasis(3, dx, dy, dz).slice(degree * degree, degree * degree + size);
  const rows = Array.from({ length: DIRECTIONS }, (_, index) => {
    const height = 1 - (2 * index + 1) / DIRECTIONS;
    const angle = index * Math.PI * (3 - Math.sqrt(5));
    const ring = Math.sqrt(1 - height * height);
    const direction: Vec3 = [ring * Math.cos(angle), ring * Math.sin(angle), height];
    return { now: bandOf(direction), before: bandOf(turnVector(back, direction)) };
  });
  const product = (a: 'now', b: 'now' | 'before', i: number, j: number): number =>
    rows.reduce((sum, row) => sum + row[a][i] * row[b][j], 0);
  const indices = Array.from({ length: size }, (_, k) => k);
  return solve(
    indices.map((i) => indices.map((j) => product('now', 'now', i, j))),
    indices.map((i) => indices.map((j) => product('now', 'before', i, j))),
  );
}

/** Solves `left` times X = `right` for a symmetric, well-conditioned `left`, by Gauss and Jordan. */
function solve(left: number[][], right: number[][]): number[][] {
  const rows = left.map((row, i) => [...row, ...right[i]]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const divisor = rows[pivot][pivot];
    rows[pivot] = rows[pivot].map((value) => value / divisor);
    rows.forEach((row, i) => {
      if (i === pivot) return;
      const factor = row[pivot];
      rows[i] = row.map((value, k) => value - factor * rows[pivot][k]);
    });
  }
  return rows.map((row) => row.slice(left.length));
}
