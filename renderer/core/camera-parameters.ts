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
  /** Splats at this view depth or less are not drawn; world units, above 0. INRIA's 0.2 where this is absent. */
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

/** Where a camera stands, from its rigid world-to-view matrix. World units. */
export function cameraPosition({ worldToView: m }: CameraParameters): [number, number, number] {
  return [0, 1, 2].map((axis) => -(m[axis] * m[3] + m[4 + axis] * m[7] + m[8 + axis] * m[11])) as [
    number,
    number,
    number,
  ];
}
