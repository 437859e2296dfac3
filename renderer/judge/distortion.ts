import type { CameraParameters } from '../core/camera-parameters.ts';

/**
 * OpenCV's lens distortion: radial k1..k6 (k4..k6 divide), tangential p1 and p2; and the coefficient of r^8 that
 * Metashape has after k3. Absent ones are 0.
 */
export interface Distortion {
  readonly k1?: number | undefined;
  readonly k2?: number | undefined;
  readonly k3?: number | undefined;
  readonly k4?: number | undefined;
  readonly k5?: number | undefined;
  readonly k6?: number | undefined;
  readonly ofR8?: number | undefined;
  readonly p1?: number | undefined;
  readonly p2?: number | undefined;
}

/** What this lens moves a point by, at most, in pixels: taken at the picture's corners and the middles of its sides. */
export function largestShiftPixels(
  { fx, fy, cx, cy, width, height }: Omit<CameraParameters, 'worldToView'>,
  distortion: Distortion,
): number {
  const { k1 = 0, k2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0, ofR8 = 0, p1 = 0, p2 = 0 } = distortion;
  let largest = 0;
  for (const column of [0, width / 2, width]) {
    for (const row of [0, height / 2, height]) {
      const x = (column - cx) / fx;
      const y = (row - cy) / fy;
      const r2 = x * x + y * y;
      const radial = (1 + r2 * (k1 + r2 * (k2 + r2 * (k3 + r2 * ofR8)))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)));
      const dx = x * (radial - 1) + 2 * p1 * x * y + p2 * (r2 + 2 * x * x);
      const dy = y * (radial - 1) + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
      largest = Math.max(largest, Math.hypot(dx * fx, dy * fy));
    }
  }
  return largest;
}

/** A shift below this can't be seen and is not worth a word. */
const VISIBLE_SHIFT_PIXELS = 0.5;

/** The warning about cameras whose lens moves points by `shifts` pixels each; empty where none can be seen. */
export function distortionWarnings(shifts: readonly number[]): string[] {
  const visible = shifts.filter((shift) => !(shift < VISIBLE_SHIFT_PIXELS));
  if (visible.length === 0) return [];
  const largest = Math.max(...visible);
  return [
    `${visible.length} of ${shifts.length} cameras have lens distortion ` +
      `(up to ${largest.toFixed(largest < 10 ? 1 : 0)} pixels at the edge), ` +
      "which is not drawn: photo and picture won't line up there. " +
      "Undistort the photos, for example with COLMAP's image_undistorter, and use its cameras.",
  ];
}
