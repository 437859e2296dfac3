import type { MeasuredPicture } from '../core/metrics.ts';
import { SplatError } from '../core/errors.ts';
import type { Rgb } from '../core/vector.ts';
import { withoutExif } from './exif.ts';
import { undecodablePhoto } from './match-photos.ts';

/** A photo's pixels, RGBA of 0..255, opaque. */
export interface Photo extends MeasuredPicture {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Decodes a photo as programs that train splats do: the numbers of the file, with no colour management and no turning
 * by EXIF; what is transparent shows the background. Needs a browser's page or worker.
 * @param background rgb 0..1
 * @throws SplatError `invalid-file` where it is no picture that can be decoded
 */
export async function decodePhoto(name: string, bytes: ArrayBuffer, background: Rgb): Promise<Photo> {
  const bitmap = await bitmapOf(name, bytes);
  try {
    const { width, height } = bitmap;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (context === null)
      throw new SplatError('out-of-memory', `${name} has ${width} x ${height} pixels, more than a canvas can hold.`);
    context.fillStyle = `rgb(${background.map((value) => Math.round(value * 255)).join(' ')})`;
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}

/** A photo small enough for a list: `height` pixels high. The caller closes it. @throws as `decodePhoto` */
export function decodeThumbnail(name: string, bytes: ArrayBuffer, height: number): Promise<ImageBitmap> {
  return bitmapOf(name, bytes, { resizeHeight: height, resizeQuality: 'medium' });
}

/**
 * A photo to lay over the scene: at most `largestHeight` pixels high. The caller closes it. @throws as `decodePhoto`
 */
export async function decodeForScreen(name: string, bytes: ArrayBuffer, largestHeight: number): Promise<ImageBitmap> {
  const whole = await bitmapOf(name, bytes);
  if (whole.height <= largestHeight) return whole;
  try {
    return await createImageBitmap(whole, { resizeHeight: largestHeight, resizeQuality: 'medium' });
  } finally {
    whole.close();
  }
}

async function bitmapOf(name: string, bytes: ArrayBuffer, size: ImageBitmapOptions = {}): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([withoutExif(bytes)]), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      ...size,
    });
  } catch (error) {
    throw undecodablePhoto(name, new Uint8Array(bytes), error);
  }
}
