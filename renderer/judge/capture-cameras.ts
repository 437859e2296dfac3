import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError } from '../core/errors.ts';
import { localCamera } from '../core/origin.ts';
import type { Vec3 } from '../core/vector.ts';

export type CaptureFormat = 'inria' | 'transforms' | 'colmap';

/** One camera of the capture: where a photo was taken, and with which lens. */
export interface CaptureCamera {
  /** The photo's name as the file has it: maybe with folders, maybe without an ending. */
  readonly image: string;
  /** Pose and lens for a picture of the size that the file names. */
  readonly parameters: CameraParameters;
  /**
   * false: the file gives the lens as angles alone, and the size in `parameters` is a guess until the photo is seen
   * (NeRF's synthetic scenes).
   */
  readonly sizeIsKnown: boolean;
  /** Where the size is not known, but the lens is given in pixels: of the photo as it is. */
  readonly pixelLens?: PixelLens | undefined;
}

/** A lens in pixels of a photo whose size is not told; the middle of the photo where it has no principal point. */
export interface PixelLens {
  readonly fx: number;
  readonly fy: number;
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
}

/** The cameras of a capture, in the order of their file, in the scene's world. */
export interface CaptureCameras {
  readonly format: CaptureFormat;
  readonly cameras: readonly CaptureCamera[];
  /** Sentences about what was read but is not drawn, such as lens distortion. */
  readonly warnings: readonly string[];
}

/** The cameras as a scene with this origin has them. */
export function localCapture(capture: CaptureCameras, origin: Vec3 | undefined): CaptureCameras {
  if (origin === undefined) return capture;
  const cameras = capture.cameras.map((camera) => ({ ...camera, parameters: localCamera(camera.parameters, origin) }));
  return { ...capture, cameras };
}

/** How far the sides of a photo and of its camera may disagree, after rounding to whole pixels. */
const LARGEST_ASPECT_ERROR = 0.02;

/**
 * The camera for its photo's own size: photos are often kept smaller than the camera file says.
 * @throws SplatError `usage` where the photo has another shape than the camera's picture
 */
export function cameraForPhoto(
  { image, parameters, sizeIsKnown, pixelLens }: CaptureCamera,
  width: number,
  height: number,
): CameraParameters {
  const scaleX = width / parameters.width;
  const scaleY = height / parameters.height;
  if (pixelLens !== undefined) {
    const { fx, fy, cx = width / 2, cy = height / 2 } = pixelLens;
    return { ...parameters, fx, fy, cx, cy, width, height };
  }
  if (!sizeIsKnown)
    return {
      ...parameters,
      fx: parameters.fx * scaleX,
      fy: parameters.fy * scaleX,
      cx: width / 2,
      cy: height / 2,
      width,
      height,
    };
  // A side that was rounded to whole pixels may be off by half a pixel, which is much in a tiny picture.
  const rounding = 1 / Math.min(width, height);
  if (Math.abs(scaleX / scaleY - 1) > LARGEST_ASPECT_ERROR + rounding) {
    throw new SplatError(
      'usage',
      `The photo ${image} has ${width} x ${height} pixels, ` +
        `its camera ${parameters.width} x ${parameters.height}: another shape.`,
      'Use the photos that the cameras were found from.',
    );
  }
  const { fx, fy, cx, cy } = parameters;
  return { ...parameters, fx: fx * scaleX, fy: fy * scaleY, cx: cx * scaleX, cy: cy * scaleY, width, height };
}
