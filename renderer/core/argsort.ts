import type { CurveCodes } from './curve-codes.ts';
import { lowBits } from './curve-codes.ts';

/**
 * Indices that sort `codes` ascending; equal codes keep index order (stable), so the answer is the same on every
 * machine.
 * Least-significant-digit radix sort: two passes of 15 bits over the low words, further ones only where high words are
 * in use.
 */
export function argsort(codes: CurveCodes): Int32Array {
  const n = codes.low.length;
  let from = new Int32Array(n);
  for (let i = 0; i < n; i++) from[i] = i;
  let to = new Int32Array(n);
  const passes: [keys: Uint32Array, shift: number][] = [];
  for (const keys of [codes.low, codes.high]) {
    let used = 0;
    for (let i = 0; i < n; i++) used |= keys[i];
    for (let shift = 0; shift < lowBits && used >>> shift !== 0; shift += digitBits) passes.push([keys, shift]);
  }
  for (const [keys, shift] of passes) {
    pass(keys, shift, from, to);
    [from, to] = [to, from];
  }
  return from;
}

const digitBits = 15;
const digits = 2 ** digitBits;

function pass(keys: Uint32Array, shift: number, from: Int32Array, to: Int32Array): void {
  const starts = new Int32Array(digits);
  for (let i = 0; i < keys.length; i++) starts[(keys[i] >>> shift) & (digits - 1)]++;
  for (let digit = 0, sum = 0; digit < digits; digit++) {
    const size = starts[digit];
    starts[digit] = sum;
    sum += size;
  }
  for (let i = 0; i < from.length; i++) {
    const row = from[i];
    to[starts[(keys[row] >>> shift) & (digits - 1)]++] = row;
  }
}
