/** Header, then the table of streams. */
const HEADER_BYTES = 32;
const TABLE_ROW_BYTES = 16;
/** Higher coefficients a splat, all channels, of degree 4 and of what is kept of them. */
const NUMBERS = 72;
const KEPT_NUMBERS = 45;
/** Bytes a splat of places, opacity, colours, sizes and turn. */
const BASE_STREAMS = [9, 1, 3, 3, 4] as const;
/** The largest block of a zstd frame. */
const BLOCK_BYTES = 131_072;

/** One of the zstd streams of an SPZ of version 4. */
interface Stream {
  readonly packed: Uint8Array;
  /** Its size when it is unpacked. */
  readonly bytes: number;
}

/**
 * An unpacked SPZ of version 2 or 3 and of degree 4 as one of degree 3: each splat's harmonics without the highest.
 * @param harmonicsAt where they begin
 */
export function withoutDegree4(bytes: Uint8Array, count: number, harmonicsAt: number): Uint8Array {
  const kept = new Uint8Array(harmonicsAt + count * KEPT_NUMBERS);
  kept.set(bytes.subarray(0, harmonicsAt));
  kept[12] = 3;
  for (let row = 0; row < count; row++) {
    const from = harmonicsAt + row * NUMBERS;
    kept.set(bytes.subarray(from, from + KEPT_NUMBERS), harmonicsAt + row * KEPT_NUMBERS);
  }
  return kept;
}

/**
 * An SPZ of version 4 and of degree 4 as two files that a decoder reads which knows lower degrees alone: `base` without
 * harmonics, and `harmonics`, whose stream of 72 numbers a splat is one of 24 numbers (degree 2) for three times as
 * many splats. So the decoder unpacks it, too; the other streams of that file hold nothing.
 */
export function splitDegree4(bytes: Uint8Array, count: number): { base: Uint8Array; harmonics: Uint8Array } {
  const streams = streamsOf(bytes);
  const header = bytes.subarray(0, HEADER_BYTES);
  const blank = BASE_STREAMS.map((size) => zeros(3 * count * size));
  return {
    base: container(header, { count, shDegree: 0 }, streams.slice(0, BASE_STREAMS.length)),
    harmonics: container(header, { count: 3 * count, shDegree: 2 }, [...blank, streams[BASE_STREAMS.length]]),
  };
}

/** (N, 45) the harmonics of degrees 1 to 3 among those of degree 4. */
export function keptHarmonics(all: Float32Array): Float32Array {
  const count = all.length / NUMBERS;
  const kept = new Float32Array(count * KEPT_NUMBERS);
  for (let row = 0; row < count; row++)
    kept.set(all.subarray(row * NUMBERS, row * NUMBERS + KEPT_NUMBERS), row * KEPT_NUMBERS);
  return kept;
}

function streamsOf(bytes: Uint8Array): Stream[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = view.getUint32(16, true);
  const streams: Stream[] = [];
  let at = table + bytes[15] * TABLE_ROW_BYTES;
  for (let row = table; row < table + bytes[15] * TABLE_ROW_BYTES; row += TABLE_ROW_BYTES) {
    const packedBytes = Number(view.getBigUint64(row, true));
    streams.push({ packed: bytes.subarray(at, at + packedBytes), bytes: Number(view.getBigUint64(row + 8, true)) });
    at += packedBytes;
  }
  return streams;
}

function container(
  header: Uint8Array,
  { count, shDegree }: { readonly count: number; readonly shDegree: number },
  streams: readonly Stream[],
): Uint8Array {
  const table = HEADER_BYTES + streams.length * TABLE_ROW_BYTES;
  const file = new Uint8Array(streams.reduce((sum, { packed }) => sum + packed.byteLength, table));
  file.set(header);
  const view = new DataView(file.buffer);
  view.setUint32(8, count, true);
  file[12] = shDegree;
  file[15] = streams.length;
  view.setUint32(16, HEADER_BYTES, true);
  let at = table;
  for (const [k, { packed, bytes }] of streams.entries()) {
    view.setBigUint64(HEADER_BYTES + k * TABLE_ROW_BYTES, BigInt(packed.byteLength), true);
    view.setBigUint64(HEADER_BYTES + k * TABLE_ROW_BYTES + 8, BigInt(bytes), true);
    file.set(packed, at);
    at += packed.byteLength;
  }
  return file;
}

/** A zstd frame of so many zeros (RFC 8878): its size, then blocks of one byte repeated. */
function zeros(bytes: number): Stream {
  const blocks = Math.ceil(bytes / BLOCK_BYTES);
  const view = new DataView(new ArrayBuffer(9 + 4 * blocks));
  view.setUint32(0, 0xfd2fb528, true);
  // One segment, whose size takes four bytes.
  view.setUint8(4, 0xa0);
  view.setUint32(5, bytes, true);
  for (let block = 0; block < blocks; block++) {
    const size = Math.min(BLOCK_BYTES, bytes - block * BLOCK_BYTES);
    const isLast = block === blocks - 1 ? 1 : 0;
    // The highest byte is the one that is repeated.
    view.setUint32(9 + 4 * block, isLast | (1 << 1) | (size << 3), true);
  }
  return { packed: new Uint8Array(view.buffer), bytes };
}
