/**
 * Space-filling-curve codes of grid cells. A code has 3 * depth bits, up to 48: `low` holds its last 30 bits, `high`
 * the rest.
 * Up to depth 10 (grids below 1024) `high` is all zero.
 */
export interface CurveCodes {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Bits of a code in its low word: ten bits an axis. */
export const lowBits = 30;
const axisBits = 10;

/** Spreads the ten bits of `v` to every third position. */
function spread(v: number): number {
  let x = v & 0x3ff;
  x = (x | (x << 16)) & 0x030000ff;
  x = (x | (x << 8)) & 0x0300f00f;
  x = (x | (x << 4)) & 0x030c30c3;
  return (x | (x << 2)) & 0x09249249;
}

/** Interleaves x, y, z from the most significant bit down, x first within a bit. */
function interleave(x: number, y: number, z: number): number {
  return (spread(x) << 2) | (spread(y) << 1) | spread(z);
}

/** Bits needed for the largest cell coordinate, at least 1. */
export function depthOfCells(cells: Int32Array): number {
  let largest = 1;
  for (let i = 0; i < cells.length; i++) if (cells[i] > largest) largest = cells[i];
  return 32 - Math.clz32(largest);
}

/** Morton (z-order) codes of (N, 3) cells; `transposed` swaps x and y first. */
export function zCodes(cells: Int32Array, transposed: boolean): CurveCodes {
  const n = cells.length / 3;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const x = cells[3 * i + (transposed ? 1 : 0)];
    const y = cells[3 * i + (transposed ? 0 : 1)];
    const z = cells[3 * i + 2];
    low[i] = interleave(x, y, z);
    high[i] = interleave(x >>> axisBits, y >>> axisBits, z >>> axisBits);
  }
  return { low, high };
}

/** Prefix XOR from the top: Gray code to binary. */
function grayToBinary(gray: number): number {
  let x = gray;
  x ^= x >>> 1;
  x ^= x >>> 2;
  x ^= x >>> 4;
  x ^= x >>> 8;
  return x ^ (x >>> 16);
}

/**
 * Hilbert codes of (N, 3) cells by Skilling's transform (AIP Conf. Proc. 707, 2004); `transposed` swaps x and y first.
 * @param depth bits an axis, at most 16; the code depends on it
 */
export function hilbertCodes(cells: Int32Array, depth: number, transposed: boolean): CurveCodes {
  const n = cells.length / 3;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    let x = cells[3 * i + (transposed ? 1 : 0)];
    let y = cells[3 * i + (transposed ? 0 : 1)];
    let z = cells[3 * i + 2];
    for (let bit = 1 << (depth - 1); bit > 0; bit >>= 1) {
      const lower = bit - 1;
      if (x & bit) x ^= lower;
      if (y & bit) x ^= lower;
      else {
        const swap = (x ^ y) & lower;
        x ^= swap;
        y ^= swap;
      }
      if (z & bit) x ^= lower;
      else {
        const swap = (x ^ z) & lower;
        x ^= swap;
        z ^= swap;
      }
    }
    const upper = grayToBinary(interleave(x >>> axisBits, y >>> axisBits, z >>> axisBits));
    const lower = grayToBinary(interleave(x, y, z));
    high[i] = upper;
    // The prefix XOR carries the last upper bit into every lower one.
    low[i] = upper & 1 ? lower ^ 0x3fffffff : lower;
  }
  return { low, high };
}

/**
 * The codes of the rows `heads`, shifted right by `bits` (a multiple of 3, below 30): a parent cell's code on the same
 * curve.
 */
export function parentCodes(codes: CurveCodes, heads: Int32Array, bits: number): CurveCodes {
  const low = new Uint32Array(heads.length);
  const high = new Uint32Array(heads.length);
  const carried = 2 ** bits - 1;
  for (let i = 0; i < heads.length; i++) {
    const h = codes.high[heads[i]];
    low[i] = (codes.low[heads[i]] >>> bits) | ((h & carried) << (lowBits - bits));
    high[i] = h >>> bits;
  }
  return { low, high };
}
