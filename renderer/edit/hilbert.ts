import { argsort } from '../core/argsort.ts';
import { hilbertCodes } from '../core/curve-codes.ts';

/** Bits of a coordinate along the curve: codes have 30. */
const BITS = 10;
const CELLS = 1 << BITS;
/** Points whose cells are held at a time. */
const BLOCK = 65536;

/**
 * The rows of points in the order of a Hilbert curve through the box of most of them, on which what follows each other
 * lies side by side. Points with numbers that are not finite come last.
 * @param positions (N, 3)
 */
export function hilbertOrder(positions: Float32Array): Uint32Array {
  const count = positions.length / 3;
  const codes = { low: new Uint32Array(count), high: new Uint32Array(count) };
  const { low, cell } = boxOfMost(positions);
  const cells = new Int32Array(3 * Math.min(BLOCK, count));
  for (let first = 0; first < count; first += BLOCK) {
    const block = positions.subarray(3 * first, 3 * (first + BLOCK));
    for (let i = 0; i < block.length; i++)
      cells[i] = Math.min(CELLS - 1, Math.max(0, Math.floor((block[i] - low[i % 3]) / cell)));
    codes.low.set(hilbertCodes(cells.subarray(0, block.length), BITS, false).low, first);
  }
  for (let i = 0; i < positions.length; i++)
    if (!Number.isFinite(positions[i])) codes.low[Math.floor(i / 3)] = CELLS ** 3 - 1;
  return new Uint32Array(argsort(codes).buffer);
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
