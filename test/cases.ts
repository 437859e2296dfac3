import type { CameraParameters } from '../renderer/core/camera-parameters.ts';
import { parseCameraFile } from '../renderer/core/camera-file.ts';

/**
 * A camera that sees the scene of test/data/cases/base.ply.
 * @param frame `spz` for the scene turned by half a turn about x @param scale of the scene's units
 */
export function caseCamera(frame: 'ply' | 'spz' = 'ply', scale = 1): CameraParameters {
  const turn = frame === 'spz' ? -1 : 1;
  const place = (x: number, y: number, z: number): number[] => [x * scale, turn * y * scale, turn * z * scale];
  return parseCameraFile(
    { position: place(1.6, -1.2, -4), target: place(0, 0.1, 0), up: place(0, -1, 0), fovYDegrees: 40 },
    120,
    90,
  );
}

/** PSNR of two pictures of 0..1, dB. */
export function psnrOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return -10 * Math.log10(sum / a.length);
}
