import type { SplatError } from '../core/errors.ts';
import { nameContent } from './name-content.ts';
import { checkPackedCount } from './packed-count.ts';
import type { SceneSource } from './source.ts';
import type { SpzFrame } from './spz-frame.ts';
import { splitDegree4, withoutDegree4 } from './spz-degree-4.ts';
import { frameOfExtensions } from './spz-frame.ts';
import { empty, invalid, readExactly, truncated, unsupported } from './source.ts';

const MAGIC = 0x5053474e; // "NGSP"
const LEGACY_HEADER_BYTES = 16;
const V4_HEADER_BYTES = 32;
/** By so many bytes is named what is no scene. */
const NAMED_BYTES = 4096;
const FLAG_EXTENSIONS = 2;
/** Records of extensions are read so far; those that are defined take some dozens of bytes. */
const MAX_EXTENSION_BYTES = 65_536;
/** Higher coefficients a splat, all channels, by SH degree. */
const SH_NUMBERS = [0, 9, 24, 45, 72] as const;

/** What `prepareSpz` hands on: bytes that the library reads safely, and what it cannot know. */
export interface PreparedSpz {
  /** Uncompressed version 2 or 3, or version 4 as it was. */
  readonly bytes: Uint8Array;
  /** (N, 3) positions of a version 1 file, which the library does not read; else null. */
  readonly positions: Float32Array | null;
  /** The axes that its extension names. */
  readonly frame: SpzFrame | undefined;
  /** Of a file of degree 4, which `bytes` is without. */
  readonly degreeInFile?: 4;
  /** A file whose harmonics are all those of degree 4, which `bytes` has none of; see `splitDegree4`. */
  readonly harmonics?: Uint8Array;
}

interface SpzHeader {
  readonly version: number;
  readonly count: number;
  readonly shDegree: number;
  readonly hasExtensions: boolean;
}

/**
 * Unpacks and checks an SPZ file (Niantic's format, versions 1-4) before the library decodes it: counts are held
 * against the bytes that are there, so a lying file can neither allocate at will nor expand without end.
 * @throws SplatError `truncated-file`, `invalid-file`, `unsupported-feature`, `empty-scene`
 */
export async function prepareSpz(source: SceneSource): Promise<PreparedSpz> {
  const packed = await readExactly(source, 0, source.size);
  const gzipped = packed[0] === 0x1f && packed[1] === 0x8b;
  const bytes = gzipped ? await gunzip(source.name, packed) : packed;
  const header = readHeader(source.name, bytes);
  if (header.version === 4) {
    checkPackedCount(source.name, header.count, packed.byteLength);
    checkStreams(source.name, bytes, header);
    const table = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16, true);
    const frame = frameIn(header, bytes.subarray(V4_HEADER_BYTES, table));
    if (header.shDegree < 4) return { bytes, positions: null, frame };
    const { base, harmonics } = splitDegree4(bytes, header.count);
    return { bytes: base, positions: null, frame, degreeInFile: 4, harmonics };
  }
  const expected = LEGACY_HEADER_BYTES + header.count * legacyBytesPerSplat(header);
  if (bytes.byteLength < expected)
    throw truncated(source.name, `${header.count} splats take ${expected} bytes, ${bytes.byteLength} are there`);
  const frame = frameIn(header, bytes.subarray(expected));
  const whole = bytes.subarray(0, expected);
  if (header.shDegree < 4) return { ...knownVersion(whole, header), frame };
  const kept = withoutDegree4(whole, header.count, expected - header.count * SH_NUMBERS[4]);
  return { ...knownVersion(kept, { ...header, shDegree: 3 }), frame, degreeInFile: 4 };
}

/** An unpacked file of version 1 to 3 as the library reads it. */
function knownVersion(bytes: Uint8Array, header: SpzHeader): Pick<PreparedSpz, 'bytes' | 'positions'> {
  return header.version === 1 ? fromVersion1(bytes, header) : { bytes, positions: null };
}

function frameIn({ hasExtensions }: SpzHeader, records: Uint8Array): SpzFrame | undefined {
  return hasExtensions ? frameOfExtensions(records) : undefined;
}

function readHeader(name: string, bytes: Uint8Array): SpzHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 4 || view.getUint32(0, true) !== MAGIC) throw notSpz(name, bytes);
  if (bytes.byteLength < LEGACY_HEADER_BYTES) throw truncated(name, 'the SPZ header is cut off');
  const header = {
    version: view.getUint32(4, true),
    count: view.getUint32(8, true),
    shDegree: view.getUint8(12),
    hasExtensions: (view.getUint8(14) & FLAG_EXTENSIONS) !== 0,
  };
  if (header.version < 1 || header.version > 4)
    throw unsupported(name, `it has SPZ version ${header.version}, and versions 1 to 4 are known`);
  if (header.shDegree > 4)
    throw unsupported(name, `spherical harmonics of degree ${header.shDegree} are beyond the 4 that SPZ has`);
  if (view.getUint8(13) > 23) throw invalid(name, `${view.getUint8(13)} fractional bits do not fit positions of 24`);
  if (header.count === 0) throw empty(name);
  return header;
}

/** What a gzip archive holds in the place of a scene. */
function notSpz(name: string, bytes: Uint8Array): SplatError {
  if (bytes.byteLength === 0) return truncated(name, 'it is a gzip archive without content');
  const held = startsAsPly(bytes) ? 'a PLY' : (nameContent(bytes)?.what ?? 'no SPZ scene');
  return unsupported(name, `it is a gzip archive that holds ${held}`, 'Unpack it and open the scene inside.');
}

function startsAsPly(bytes: Uint8Array): boolean {
  return bytes[0] === 0x70 && bytes[1] === 0x6c && bytes[2] === 0x79;
}

function legacyBytesPerSplat({ version, shDegree }: Pick<SpzHeader, 'version' | 'shDegree'>): number {
  const position = version === 1 ? 6 : 9;
  const rotation = version === 3 ? 4 : 3;
  return position + 1 + 3 + 3 + rotation + SH_NUMBERS[shDegree];
}

/** Inflates, stopping at the length that the header inside asks for. */
async function gunzip(name: string, packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  let limit = Infinity;
  try {
    while (length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.byteLength;
      if (limit === Infinity && length >= LEGACY_HEADER_BYTES) {
        const header = readHeader(name, concatenate(parts, Math.min(length, NAMED_BYTES)));
        if (header.version === 4) throw invalid(name, 'SPZ version 4 is never packed with gzip');
        checkPackedCount(name, header.count, packed.byteLength);
        const extra = header.hasExtensions ? MAX_EXTENSION_BYTES : 0;
        limit = LEGACY_HEADER_BYTES + header.count * legacyBytesPerSplat(header) + extra;
      }
    }
  } catch (error) {
    if (
      error instanceof TypeError ||
      (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
    ) {
      throw truncated(name, `its gzip data breaks off or is damaged after ${length} bytes`);
    }
    throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return concatenate(parts, length);
}

function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part.subarray(0, length - at), at);
    at += Math.min(part.byteLength, length - at);
  }
  return all;
}

/** Checks version 4's table of zstd streams: sizes that fit the count, streams that lie in the file. */
function checkStreams(name: string, bytes: Uint8Array, { count, shDegree }: SpzHeader): void {
  if (bytes.byteLength < V4_HEADER_BYTES) throw truncated(name, 'the SPZ header is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const perSplat = [9, 1, 3, 3, 4];
  if (shDegree > 0) perSplat.push(SH_NUMBERS[shDegree]);
  const streams = view.getUint8(15);
  const tableOffset = view.getUint32(16, true);
  if (streams !== perSplat.length || tableOffset < V4_HEADER_BYTES)
    throw invalid(name, `its ${streams} streams do not fit spherical harmonics of degree ${shDegree}`);
  let dataOffset = tableOffset + streams * 16;
  if (dataOffset > bytes.byteLength) throw truncated(name, 'the table of streams is cut off');
  for (let s = 0; s < streams; s++) {
    const packedBytes = Number(view.getBigUint64(tableOffset + s * 16, true));
    const plainBytes = Number(view.getBigUint64(tableOffset + s * 16 + 8, true));
    if (plainBytes !== count * perSplat[s])
      throw invalid(name, `stream ${s} holds ${plainBytes} bytes where ${count} splats take ${count * perSplat[s]}`);
    if (dataOffset + packedBytes > bytes.byteLength) throw truncated(name, `stream ${s} is cut off`);
    if (zstdContentBytes(bytes.subarray(dataOffset, dataOffset + packedBytes)) !== plainBytes)
      throw invalid(name, `stream ${s} disagrees with the table about its size`);
    dataOffset += packedBytes;
  }
}

/** Size that a zstd frame (RFC 8878, 3.1.1) declares for its content; null where it is damaged or declares none. */
function zstdContentBytes(frame: Uint8Array): number | null {
  if (frame.byteLength < 16) {
    const padded = new Uint8Array(16);
    padded.set(frame);
    return zstdContentBytes(padded);
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== 0xfd2fb528) return null;
  const descriptor = view.getUint8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (singleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
  switch (descriptor >>> 6) {
    case 0:
      return singleSegment ? view.getUint8(at) : null;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

/**
 * Version 1 differs from version 2 in its positions alone: half floats instead of 24-bit fixed point. So the rest is
 * passed on as version 2 with positions of zero, and the positions are decoded here.
 */
function fromVersion1(bytes: Uint8Array, { count, shDegree }: SpzHeader): Pick<PreparedSpz, 'bytes' | 'positions'> {
  const rest = bytes.subarray(LEGACY_HEADER_BYTES + count * 6);
  const version2 = new Uint8Array(LEGACY_HEADER_BYTES + count * legacyBytesPerSplat({ version: 2, shDegree }));
  version2.set(bytes.subarray(0, LEGACY_HEADER_BYTES));
  version2[4] = 2;
  version2.set(
    rest.subarray(0, version2.byteLength - LEGACY_HEADER_BYTES - count * 9),
    LEGACY_HEADER_BYTES + count * 9,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset + LEGACY_HEADER_BYTES, count * 6);
  const positions = new Float32Array(count * 3);
  for (let i = 0; i < positions.length; i++) positions[i] = halfToNumber(view.getUint16(i * 2, true));
  return { bytes: version2, positions };
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
