import type { Dice } from './random.ts';

/** Inputs stay below a megabyte: what those may cost is what readers promise. */
export const LARGEST_BYTES = 1_000_000;

/** Where headers are, on which half of the blows fall. */
const HEAD_BYTES = 96;
const LONGEST_PIECE = 64;
/** Of a thousand inputs, this many are blown up to the largest size. */
const SHARE_REPEATED = 0.002;

const INTEGERS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 127, 128, 255, 256, 4095, 4096, 32767, 32768, 65535, 65536];
const BIG_INTEGERS = [0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 1e6, 1e7, 3e8];
const FLOATS = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e-45, 1e-310, 1e30, -1e30, 3.4e38, 1e308, -1e308, 88.8, 200];

/** Bytes with one to eight blows. @param other bytes that pieces may come from */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  if (bytes.length === 0 || dice.chance(0.002)) return noise(dice);
  if (dice.chance(SHARE_REPEATED)) return repeated(bytes, dice);
  // A Buffer's slice would be the seed itself.
  let result: Uint8Array = new Uint8Array(bytes);
  let blows = 1;
  while (blows < 8 && dice.chance(0.5)) blows++;
  for (; blows > 0; blows--) {
    if (result.length === 0) return result;
    result = dice.chance(0.75) ? patched(result, dice) : reshaped(result, other, dice);
  }
  return result.subarray(0, LARGEST_BYTES);
}

export function anyNumber(dice: Dice): number {
  if (dice.chance(0.4)) return dice.pick(INTEGERS);
  if (dice.chance(0.4)) return dice.pick(BIG_INTEGERS);
  return dice.chance(0.5) ? dice.pick(FLOATS) : (dice.next() - 0.5) * 10 ** dice.below(12);
}

function noise(dice: Dice): Uint8Array {
  const size = dice.pick([0, 1, 3, 8, 31, 32, 33, 64, 4095, 4096, 5000]);
  return Uint8Array.from({ length: size }, () => dice.below(256));
}

/** A piece again and again, up to the largest size. */
function repeated(bytes: Uint8Array, dice: Dice): Uint8Array {
  const [from, to] = piece(bytes, dice, bytes.length);
  const unit = bytes.subarray(from, Math.max(to, from + 1));
  const room = LARGEST_BYTES - bytes.length;
  const middle = new Uint8Array(Math.max(0, Math.floor(room / unit.length)) * unit.length);
  for (let at = 0; at < middle.length; at += unit.length) middle.set(unit, at);
  return joined(bytes.subarray(0, to), middle, bytes.subarray(to));
}

/** The same length, other values. */
function patched(bytes: Uint8Array, dice: Dice): Uint8Array {
  const range = dice.chance(0.5) ? Math.min(HEAD_BYTES, bytes.length) : bytes.length;
  const at = dice.below(range);
  const kind = dice.below(8);
  if (kind === 0) bytes[at] ^= 1 << dice.below(8);
  else if (kind === 1) bytes[at] = dice.below(256);
  else if (kind === 2) bytes[at] = dice.pick([0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x20, 0x22, 0x7b]);
  else writeNumber(bytes, dice.chance(0.5) ? at - (at % 4) : at, kind, dice);
  return bytes;
}

function writeNumber(bytes: Uint8Array, at: number, kind: number, dice: Dice): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = kind === 3 ? 2 : kind === 7 ? 8 : 4;
  if (at + width > bytes.length) return;
  const little = dice.chance(0.85);
  if (kind === 3) view.setUint16(at, anyNumber(dice), little);
  else if (kind === 4) view.setUint32(at, anyNumber(dice), little);
  // A length that is a little wrong gets further than one that is wildly so.
  else if (kind === 5) view.setUint32(at, view.getUint32(at, little) + dice.below(33) - 16, little);
  else if (kind === 6) view.setFloat32(at, anyNumber(dice), little);
  else if (dice.chance(0.5)) view.setFloat64(at, anyNumber(dice), little);
  else view.setBigUint64(at, BigInt(Math.floor(dice.next() * 2 ** dice.below(64))), little);
}

/** Cuts, doubles, moves, fills and foreign pieces. */
function reshaped(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const [from, to] = piece(bytes, dice, LONGEST_PIECE);
  switch (dice.below(7)) {
    case 0:
      return bytes.slice(0, dice.below(bytes.length + 1));
    case 1:
      return joined(bytes.subarray(0, from), bytes.subarray(to));
    case 2:
      return joined(bytes.subarray(0, to), bytes.subarray(from));
    case 3:
      return bytes.fill(dice.pick([0, 0xff, 0x20]), from, to);
    case 4:
      return bytes.copyWithin(dice.below(bytes.length), from, to);
    case 5: {
      const [start, end] = piece(other, dice, LONGEST_PIECE);
      return joined(bytes.subarray(0, from), other.subarray(start, end), bytes.subarray(dice.chance(0.5) ? from : to));
    }
    default:
      return joined(bytes.subarray(0, from), other.subarray(Math.min(from, other.length)));
  }
}

function piece(bytes: Uint8Array, dice: Dice, longest: number): [from: number, to: number] {
  const from = dice.below(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + dice.below(longest))];
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
