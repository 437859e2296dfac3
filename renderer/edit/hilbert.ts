/** Bits of a coordinate along the curve: keys have 30. */
const BITS = 10;
const CELLS = 1 << BITS;
const RADIX_BITS = 10;

/**
 * The rows of points in the order of a Hilbert curve through the box of most of them, on which what follows each other
 * lies side by side. Points with numbers that are not finite come last.
 * @param positions (N, 3)
 */
export function hilbertOrder(positions: Float32Array): Uint32Array {
  const count = positions.length / 3;
  const keys = new Uint32Array(count);
  const { low, cell } = boxOfMost(positions);
  const place = new Uint32Array(3);
  for (let row = 0; row < count; row++) {
    let isFinite = true;
    for (let k = 0; k < 3; k++) {
      const value = positions[3 * row + k];
      isFinite &&= Number.isFinite(value);
      place[k] = Math.min(CELLS - 1, Math.max(0, Math.floor((value - low[k]) / cell)));
    }
    keys[row] = isFinite ? hilbertKey(place) : CELLS ** 3 - 1;
  }
  return sortedRows(keys);
}

/** Points that are looked at for the box. */
const SAMPLES = 65536;
/** Share of the points on either side of the box along an axis; they fall into its outermost cells. */
const OUTSIDE = 0.002;

/** The box of most points, as a cube of cells. */
function boxOfMost(positions: Float32Array): { readonly low: number[]; readonly cell: number } {
  const step = 3 * Math.max(1, Math.floor(positions.length / 3 / SAMPLES));
  const ranges = [0, 1, 2].map((k) => {
    const along: number[] = [];
    for (let at = k; at < positions.length; at += step) if (Number.isFinite(positions[at])) along.push(positions[at]);
    const sorted = Float64Array.from(along).sort();
    const last = sorted.length - 1;
    return last < 0 ? [0, 0] : [sorted[Math.floor(OUTSIDE * last)], sorted[Math.ceil((1 - OUTSIDE) * last)]];
  });
  const side = Math.max(...ranges.map(([low, high]) => high - low), Number.MIN_VALUE);
  return { low: ranges.map(([low]) => low), cell: (side * 1.01) / CELLS };
}

/** The place of a cell along the curve (Skilling, Programming the Hilbert curve, 2004). Overwrites `x`. */
function hilbertKey(x: Uint32Array): number {
  for (let bit = CELLS >> 1; bit > 1; bit >>= 1) {
    const below = bit - 1;
    for (let k = 0; k < 3; k++) {
      if ((x[k] & bit) !== 0) x[0] ^= below;
      else {
        const swap = (x[0] ^ x[k]) & below;
        x[0] ^= swap;
        x[k] ^= swap;
      }
    }
  }
  x[1] ^= x[0];
  x[2] ^= x[1];
  let flip = 0;
  for (let bit = CELLS >> 1; bit > 1; bit >>= 1) if ((x[2] & bit) !== 0) flip ^= bit - 1;
  for (let k = 0; k < 3; k++) x[k] ^= flip;
  let key = 0;
  for (let bit = BITS - 1; bit >= 0; bit--) for (let k = 0; k < 3; k++) key = (key << 1) | ((x[k] >> bit) & 1);
  return key;
}

/** Rows by their keys of 30 bits, equal ones in order: a radix sort. */
function sortedRows(keys: Uint32Array): Uint32Array {
  let rows = Uint32Array.from(keys, (_, row) => row);
  let other = new Uint32Array(keys.length);
  for (let shift = 0; shift < 3 * BITS; shift += RADIX_BITS) {
    const starts = new Uint32Array((1 << RADIX_BITS) + 1);
    for (const key of keys) starts[((key >>> shift) & (CELLS - 1)) + 1]++;
    for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
    for (const row of rows) other[starts[(keys[row] >>> shift) & (CELLS - 1)]++] = row;
    [rows, other] = [other, rows];
  }
  return rows;
}
