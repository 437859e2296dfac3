import { gunzipSync, gzipSync } from 'node:zlib';
import { unzipped, zipped } from './archive.ts';
import { anyNumber, joined, LARGEST_BYTES, mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import type { Dice } from './random.ts';

/** Of inputs whose structure is known, this many are damaged without regard to it. */
const SHARE_OF_RAW = 0.3;

/**
 * A damaged copy of a file: bytes flipped, cut, patched and spliced, or a change inside what its format packs (zip,
 * gzip, JSON, PLY, GLB, text), packed again with right sums and lengths, so that the inner decoder is reached.
 * @param other bytes that pieces may come from
 */
export function mutate(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const inside = dice.chance(SHARE_OF_RAW) ? undefined : mutateInside(bytes, other, dice);
  return (inside ?? mutateBytes(bytes, other, dice)).subarray(0, LARGEST_BYTES);
}

function mutateInside(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array | undefined {
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (magic.startsWith('\x1f\x8b')) return mutateGzip(bytes, other, dice);
  if (magic.startsWith('PK')) return mutateZip(bytes, other, dice);
  if (magic === 'glTF') return mutateGlb(bytes, other, dice);
  if (magic.startsWith('ply')) return mutatePly(bytes, other, dice);
  if (/^\s*[[{]/.test(magic)) return encoded(mutateJson(decoded(bytes), dice));
  if (bytes.length > 0 && bytes.every((byte) => byte >= 9)) return encoded(mutateText(decoded(bytes), dice));
  return undefined;
}

function mutateGzip(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  return new Uint8Array(gzipSync(mutate(new Uint8Array(gunzipSync(bytes)), other, dice), { level: 1 }));
}

function mutateZip(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array | undefined {
  const entries = unzipped(bytes);
  if (entries === undefined) return undefined;
  const at = dice.below(entries.length);
  const entry = entries[at];
  switch (dice.below(12)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.push({ ...entry, name: dice.pick(['', entry.name, `../${entry.name}`, '__proto__', 'a\nb']) });
      break;
    case 2:
      entry.name = dice.pick(entries).name;
      break;
    case 3:
      return zipped(
        [{ ...entry, isDeflated: true }, ...entries.filter((e) => e !== entry)],
        dice.chance(0.5) ? { claimedBytes: Math.abs(anyNumber(dice)) >>> 0 } : undefined,
      );
    case 4:
      entry.bytes = dice.pick(entries).bytes;
      break;
    default: {
      // Descriptions are small beside what they describe, and worth more.
      const described = entries.filter(({ name }) => /\.(json|pkl)$/.test(name));
      const chosen = described.length > 0 && dice.chance(0.5) ? dice.pick(described) : entry;
      chosen.bytes = mutate(chosen.bytes, other, dice);
    }
  }
  return zipped(entries);
}

/** A .glb with another description or buffer, its lengths right. */
function mutateGlb(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(12, true);
  const json = bytes.subarray(20, 20 + length);
  const binary = bytes.subarray(28 + length);
  const isJson = dice.chance(0.7);
  const description = isJson ? encoded(mutateJson(decoded(json), dice)) : json;
  const buffer = isJson ? binary : mutateBytes(binary, other, dice);
  const head = bytes.slice(0, 20);
  new DataView(head.buffer).setUint32(12, description.length, true);
  const between = bytes.slice(20 + length, 28 + length);
  if (between.length === 8) new DataView(between.buffer).setUint32(0, buffer.length, true);
  return joined(head, description, between, buffer);
}

/** A PLY with another header or other numbers. */
function mutatePly(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array | undefined {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('end_header\n');
  if (end < 0) return undefined;
  const [header, body] = [bytes.subarray(0, end), bytes.subarray(end)];
  if (dice.chance(0.5)) return joined(encoded(mutateText(decoded(header), dice)), body);
  return joined(header, body.subarray(0, 11), mutateBytes(body.subarray(11), other, dice));
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
