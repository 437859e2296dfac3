import type { CameraParameters } from './camera-parameters.ts';
import { cosineBetween, cross, norm, scale, type Vec3 } from './vector.ts';

/** Cameras that all look from one side leave up open: below this share their right directions span no plane. */
const SMALLEST_SPREAD = 0.03;
/** Above this share of that spread the cameras are rolled too much for a common up. */
const LARGEST_ROLL = 0.3;

/**
 * Unit direction that is up for the photos: people hold cameras level, so it is at right angles to the cameras' right
 * directions, whatever they look up or down at. Undefined where the cameras don't settle it.
 */
export function captureUp(cameras: readonly CameraParameters[]): Vec3 | undefined {
  const mean = (row: number, column: number): number =>
    cameras.reduce((sum, { worldToView: m }) => sum + m[row] * m[column], 0) / cameras.length;
  // Scatter of the right directions (first rows): xx, xy, xz, yy, yz, zz.
  const [xx, xy, xz, yy, yz, zz] = [mean(0, 0), mean(0, 1), mean(0, 2), mean(1, 1), mean(1, 2), mean(2, 2)];
  const [smallest, middle] = eigenvalues(xx, xy, xz, yy, yz, zz);
  if (!(middle > SMALLEST_SPREAD && smallest < LARGEST_ROLL * middle)) return undefined;
  const rows: Vec3[] = [
    [xx - smallest, xy, xz],
    [xy, yy - smallest, yz],
    [xz, yz, zz - smallest],
  ];
  // The eigenvector is at right angles to all rows: the longest cross product tells it best.
  const [axis] = [cross(rows[0], rows[1]), cross(rows[0], rows[2]), cross(rows[1], rows[2])].sort(
    (a, b) => norm(b) - norm(a),
  );
  const agreement =
    cameras.reduce((sum, { worldToView: m }) => sum - cosineBetween(axis, [m[4], m[5], m[6]]), 0) / cameras.length;
  if (!(Math.abs(agreement) > SMALLEST_SPREAD)) return undefined;
  return scale(axis, Math.sign(agreement) / norm(axis));
}

/** The two smaller eigenvalues of a symmetric matrix, ascending (Smith 1961). */
function eigenvalues(xx: number, xy: number, xz: number, yy: number, yz: number, zz: number): [number, number] {
  const q = (xx + yy + zz) / 3;
  const p = Math.sqrt(((xx - q) ** 2 + (yy - q) ** 2 + (zz - q) ** 2 + 2 * (xy * xy + xz * xz + yz * yz)) / 6);
  if (p === 0) return [q, q];
  const [a, b, c] = [(xx - q) / p, (yy - q) / p, (zz - q) / p];
  const [d, e, f] = [xy / p, xz / p, yz / p];
  const half = (a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)) / 2;
  const phi = Math.acos(Math.min(1, Math.max(-1, half))) / 3;
  const largest = q + 2 * p * Math.cos(phi);
  const smallest = q + 2 * p * Math.cos(phi + (2 * Math.PI) / 3);
  return [smallest, 3 * q - largest - smallest];
}
