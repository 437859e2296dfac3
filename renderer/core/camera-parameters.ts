import { dot, vec3, type Vec3 } from './vector.ts';

/**
 * A pinhole camera for one picture, the one record that renderer, CPU twin, CLI and metrics share.
 * View space is OpenCV's: x right, y down, z forward.
 */
export interface CameraParameters {
  /** (16) world-to-view matrix, row-major, rigid. */
  readonly worldToView: Float64Array;
  /** Focal lengths in pixels. */
  readonly fx: number;
  readonly fy: number;
  /** Principal point in pixels from the top-left corner of the picture (pixel centres lie at +0.5). */
  readonly cx: number;
  readonly cy: number;
  /** Picture size in pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * Splats at this view depth or less are not drawn; world units, above 0. What `nearDistanceFor` says of the scene
   * where this is absent.
   */
  readonly near?: number;
  /**
   * The part of the picture that the GPU renderer draws, the size of its target; the whole picture where this is
   * absent.
   */
  readonly part?: PixelRectangle;
}

/** A rectangle of a picture, in whole pixels from its top-left corner. */
export interface PixelRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The camera centre in world units, of a rigid row-major world-to-view matrix (16). */
export function cameraCentre(worldToView: ArrayLike<number>): Vec3 {
  const m = worldToView;
  return vec3((k) => -(m[k] * m[3] + m[4 + k] * m[7] + m[8 + k] * m[11]));
}

/**
 * (16) row-major world-to-view matrix.
 * @param axes unit right, down and forward directions in the world, at right angles
 * @param centre camera centre, world units
 */
export function rigidWorldToView(axes: readonly [Vec3, Vec3, Vec3], centre: Vec3): Float64Array {
  const matrix = new Float64Array(16);
  axes.forEach((axis, row) => matrix.set([...axis, -dot(axis, centre)], row * 4));
  matrix[15] = 1;
  return matrix;
}
