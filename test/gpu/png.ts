import { readFileSync, writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/** Writes floats of 0..1, (pixels, channels) with 3 or 4 channels of which three are kept, as an 8-bit PNG. */
export function writePicture(path: string, picture: Float32Array, width: number, height: number): void {
  const png = new PNG({ width, height });
  const channels = picture.length / (width * height);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++)
      png.data[i * 4 + k] = Math.round(255 * Math.min(1, Math.max(0, picture[i * channels + k])));
    png.data[i * 4 + 3] = 255;
  }
  writeFileSync(path, PNG.sync.write(png));
}

/** Reads a PNG as (pixels, 3) floats of 0..1. */
export function readPicture(path: string): { width: number; height: number; picture: Float32Array } {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  return {
    width,
    height,
    picture: Float32Array.from({ length: width * height * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)] / 255),
  };
}
