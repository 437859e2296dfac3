/**
 * Peak signal-to-noise ratio in dB of two pictures clamped to 0..1.
 * @param rgba (pixels, 4) drawn picture; alpha is left out
 * @param rgb (pixels, 3) expected picture
 */
export function psnr(rgba: ArrayLike<number>, rgb: ArrayLike<number>): number {
  const clamp = (x: number): number => Math.min(1, Math.max(0, x));
  const pixels = rgb.length / 3;
  let sum = 0;
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) sum += (clamp(rgba[i * 4 + k]) - clamp(rgb[i * 3 + k])) ** 2;
  }
  return -10 * Math.log10(sum / (pixels * 3));
}

/** (pixels, 3) of a picture (pixels, 4), to compare another one with it. */
export function coloursOf(rgba: Float32Array): Float32Array {
  return rgba.filter((_, i) => i % 4 < 3);
}
