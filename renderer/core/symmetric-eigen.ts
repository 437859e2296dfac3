/** Sweeps after which rotations are far below double precision. */
const SWEEPS = 8;
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/**
 * Eigenvalues and unit eigenvectors of a symmetric matrix (Jacobi's rotations).
 * @param matrix xx, xy, xz, yy, yz, zz
 */
export function symmetricEigen(matrix: readonly number[]): {
  readonly values: readonly number[];
  /** One for each value. */
  readonly vectors: readonly (readonly number[])[];
} {
  const [xx, xy, xz, yy, yz, zz] = matrix;
  const a = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (const [p, q] of PAIRS) {
      if (a[p][q] === 0) continue;
      off += Math.abs(a[p][q]);
      const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      rotate(a, v, p, q, c, t * c);
    }
    if (off < 1e-15 * (Math.abs(a[0][0]) + Math.abs(a[1][1]) + Math.abs(a[2][2]))) break;
  }
  return { values: [a[0][0], a[1][1], a[2][2]], vectors: v };
}

/** Turns rows and columns p and q of `a`, and the vectors p and q, by an angle of this cosine and sine. */
function rotate(a: number[][], v: number[][], p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < 3; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
  for (let k = 0; k < 3; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
  for (let k = 0; k < 3; k++) [v[p][k], v[q][k]] = [c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k]];
}
