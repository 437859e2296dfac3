import { SplatError } from './errors.ts';

/** A picture to measure, row-major from the top-left; alpha, where there is one, is left out. */
export interface MeasuredPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** (height, width, 3 or 4): bytes of 0..255, or floats of 0..1. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array;
}

/** SSIM's gaussian window and constants (Wang et al. 2004, for values of 0..1). */
const WINDOW = 11;
const REACH = (WINDOW - 1) / 2;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/**
 * Peak signal-to-noise ratio in dB over all pixels and red, green and blue, for values of 0..1: -10 log10(mean squared
 * error). Infinity where the pictures are equal.
 * @throws SplatError `usage` where the sizes differ
 */
export function psnr(a: MeasuredPicture, b: MeasuredPicture): number {
  const { pixels, strideA, strideB, scaleA, scaleB } = paired(a, b);
  let sum = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let k = 0; k < 3; k++) {
      const difference = a.data[pixel * strideA + k] * scaleA - b.data[pixel * strideB + k] * scaleB;
      sum += difference * difference;
    }
  }
  return sum === 0 ? Infinity : -10 * Math.log10(sum / (pixels * 3));
}

/**
 * Structural similarity, mean over all pixels and red, green and blue: 11 x 11 gaussian window of sigma 1.5, K1 0.01,
 * K2 0.03. Follows the INRIA program (utils/loss_utils.py): variances are E[x²] - E[x]², and the window sees zeros
 * beyond the border, so every pixel counts. (scikit-image leaves out the border and differs in the third digit.)
 * @returns 1 where the pictures are equal
 * @throws SplatError `usage` where the sizes differ
 */
export function ssim(a: MeasuredPicture, b: MeasuredPicture): number {
  const { pixels, strideA, strideB, scaleA, scaleB } = paired(a, b);
  const { width, height } = a;
  const kernel = gaussian();
  // One row of x, y, x² + y² and xy with the zeros beyond both ends.
  const padded = new Float64Array((width + 2 * REACH) * 4);
  // The last eleven rows, already filtered along the row.
  const filtered = Array.from({ length: WINDOW }, () => new Float64Array(width * 4));
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (const row of filtered) row.fill(0);
    for (let bottom = 0; bottom < height + REACH; bottom++) {
      const newest = filtered[bottom % WINDOW] as Float64Array;
      if (bottom < height) {
        for (let column = 0; column < width; column++) {
          const pixel = bottom * width + column;
          const x = a.data[pixel * strideA + channel] * scaleA;
          const y = b.data[pixel * strideB + channel] * scaleB;
          const at = (column + REACH) * 4;
          padded[at] = x;
          padded[at + 1] = y;
          padded[at + 2] = x * x + y * y;
          padded[at + 3] = x * y;
        }
        filterRow(padded, kernel, newest);
      } else {
        newest.fill(0);
      }
      if (bottom >= REACH) sum += similarityOfRow(filtered, bottom - REACH, kernel, width);
    }
  }
  return sum / (pixels * 3);
}

/** Mean of the finite values of a figure, null where there is none: a PSNR of equal pictures is infinite. */
export function finiteMean(values: readonly number[]): number | null {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/** Filters a padded row of x, y, x² + y² and xy, (width + 10, 4), into `out` (width, 4). */
function filterRow(padded: Float64Array, kernel: Float64Array, out: Float64Array): void {
  for (let at = 0; at < out.length; at += 4) {
    let [meanX, meanY, squares, product] = [0, 0, 0, 0];
    for (let i = 0; i < WINDOW; i++) {
      const weight = kernel[i];
      const from = at + i * 4;
      meanX += weight * padded[from];
      meanY += weight * padded[from + 1];
      squares += weight * padded[from + 2];
      product += weight * padded[from + 3];
    }
    out[at] = meanX;
    out[at + 1] = meanY;
    out[at + 2] = squares;
    out[at + 3] = product;
  }
}

/** Sum over row `middle` of the similarity, from the filtered rows around it (ring by row number). */
function similarityOfRow(
  filtered: readonly Float64Array[],
  middle: number,
  kernel: Float64Array,
  width: number,
): number {
  // Ring slots of the rows middle - 5 to middle + 5; rows above the picture are still zero.
  const rows = Array.from({ length: WINDOW }, (_, i) => filtered[(middle - REACH + i + WINDOW) % WINDOW]);
  let sum = 0;
  for (let at = 0; at < width * 4; at += 4) {
    let [meanX, meanY, squares, product] = [0, 0, 0, 0];
    for (let i = 0; i < WINDOW; i++) {
      const weight = kernel[i];
      const row = rows[i];
      meanX += weight * row[at];
      meanY += weight * row[at + 1];
      squares += weight * row[at + 2];
      product += weight * row[at + 3];
    }
    const meanProduct = meanX * meanY;
    const meanSquares = meanX * meanX + meanY * meanY;
    sum +=
      ((2 * meanProduct + C1) * (2 * (product - meanProduct) + C2)) /
      ((meanSquares + C1) * (squares - meanSquares + C2));
  }
  return sum;
}

function gaussian(): Float64Array {
  const kernel = Float64Array.from({ length: WINDOW }, (_, i) => Math.exp(-((i - REACH) ** 2) / (2 * SIGMA ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

function paired(a: MeasuredPicture, b: MeasuredPicture) {
  if (a.width !== b.width || a.height !== b.height) {
    throw new SplatError(
      'usage',
      `Pictures of ${a.width} x ${a.height} and ${b.width} x ${b.height} pixels can't be measured against each other.`,
    );
  }
  const pixels = a.width * a.height;
  return { pixels, strideA: stride(a, pixels), strideB: stride(b, pixels), scaleA: scale(a), scaleB: scale(b) };
}

function stride({ data }: MeasuredPicture, pixels: number): number {
  const channels = data.length / pixels;
  if (channels !== 3 && channels !== 4)
    throw new SplatError('usage', `A picture of ${pixels} pixels has 3 or 4 numbers for each, not ${channels}.`);
  return channels;
}

/** What brings the picture's numbers to 0..1. */
function scale({ data }: MeasuredPicture): number {
  return data instanceof Float32Array ? 1 : 1 / 255;
}
