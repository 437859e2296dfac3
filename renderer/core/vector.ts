/** Three numbers along x, y and z. */
export type Vec3 = readonly [number, number, number];

/** A colour's red, green and blue, each 0 to 1. */
export type Rgb = readonly [number, number, number];

/** The vector whose component `k` is `at(k)`. */
export function vec3(at: (k: number) => number): Vec3 {
  return [at(0), at(1), at(2)];
}

export function mapVec3(v: Vec3, map: (value: number, k: number) => number): Vec3 {
  return [map(v[0], 0), map(v[1], 1), map(v[2], 2)];
}

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(v: Vec3, factor: number): Vec3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor];
}

/** The point at `fraction` of the line from `a` to `b`; 0 is `a`. */
export function mix(a: Vec3, b: Vec3, fraction: number): Vec3 {
  return mapVec3(a, (value, k) => value + (b[k] - value) * fraction);
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Euclidean length. */
export function norm(v: Vec3): number {
  return Math.hypot(...v);
}

export function distance(a: Vec3, b: Vec3): number {
  return norm(subtract(b, a));
}

/** The unit vector along `v`; not finite where `v` is zero. */
export function normalise(v: Vec3): Vec3 {
  const length = norm(v);
  return [v[0] / length, v[1] / length, v[2] / length];
}

/** Cosine of the angle between two vectors; 1 where one of them has no direction. */
export function cosineBetween(a: Vec3, b: Vec3): number {
  const product = norm(a) * norm(b);
  return product === 0 ? 1 : dot(a, b) / product;
}

/** Largest deviation of three rows from a right-handed rotation matrix: of lengths, right angles and handedness. */
export function rotationError(x: Vec3, y: Vec3, z: Vec3): number {
  return Math.max(
    ...[x, y, z].map((row) => Math.abs(dot(row, row) - 1)),
    Math.abs(dot(x, y)),
    Math.abs(dot(y, z)),
    Math.abs(dot(z, x)),
    Math.abs(dot(cross(x, y), z) - 1),
  );
}
