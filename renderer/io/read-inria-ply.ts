import { throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';
import type { ShDegree, SplatScene } from '../core/splat-scene.ts';
import { createScene, shRestCount } from '../core/splat-scene.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import { AsciiRows } from './ascii-rows.ts';
import type { PlyElement, PlyHeader, PlyScalar } from './ply-header.ts';
import { metaFromComments, readPlyHeader, rowBytes, scalarBytes } from './ply-header.ts';
import type { SceneSource } from './source.ts';
import { empty, invalid, readExactly, truncated, unsupported } from './source.ts';

/** Rows decoded between two progress reports; at SH degree 3 with normals a chunk is 4 MB. */
const CHUNK_ROWS = 16384;

/** The numbers every splat has, in the order in which `decodeFloatRows` stores them. */
const BASE_NAMES = [
  'x',
  'y',
  'z',
  'scale_0',
  'scale_1',
  'scale_2',
  'rot_0',
  'rot_1',
  'rot_2',
  'rot_3',
  'opacity',
  'f_dc_0',
  'f_dc_1',
  'f_dc_2',
] as const;

interface Layout {
  readonly vertex: PlyElement;
  readonly dataOffset: number;
  readonly stride: number;
  readonly shDegree: ShDegree;
  /** Names in the scene's order: BASE_NAMES, then higher coefficients coefficient-major, rgb within. */
  readonly names: readonly string[];
  readonly types: readonly PlyScalar[];
  readonly offsets: readonly number[];
  /** Places of the same properties in a row, for text. */
  readonly columns: readonly number[];
  /** Rows of other elements before the splats and after them, for text. */
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

/**
 * Reads the PLY layout of INRIA's 3D Gaussian Splatting (Kerbl et al. 2023, `save_ply`): one float property a number,
 * in any order, other properties ignored, both byte orders or text, SH degree 0-3. Higher coefficients are stored
 * channel-major (all red, all green, all blue) and become coefficient-major rgb. Floats are copied bit by bit.
 * @throws SplatError `truncated-file`, `invalid-file`, `unsupported-feature`, `empty-scene`, `cancelled`
 */
export async function readInriaPly(source: SceneSource, options: JobOptions<FileStage> = {}): Promise<SplatScene> {
  const header = await readPlyHeader(source);
  const layout = layOut(source, header);
  const { count } = layout.vertex;
  const { antialiased, up } = metaFromComments(header.comments);
  const scene = createScene(count, layout.shDegree, {
    antialiased,
    up: up ?? '-y',
    upIsGuessed: up === undefined,
    format: 'inria-ply',
    name: source.name,
  });
  const target = bitViews(scene);
  const text = header.encoding === 'ascii' ? new AsciiRows(source, header.byteLength) : null;
  await text?.skip(layout.rowsBefore);
  const plain =
    header.encoding === 'binary_little_endian' &&
    layout.stride % 4 === 0 &&
    layout.types.every((t) => t === 'float') &&
    layout.offsets.every((o) => o % 4 === 0);
  for (let start = 0; start < count; start += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, count - start);
    if (text !== null) {
      const columns = layout.vertex.properties.length;
      const words = new Int32Array((await text.read(rows, columns)).buffer);
      decodeFloatRows(words, rows, columns, Uint32Array.from(layout.columns), target, start);
    } else {
      const bytes = await readExactly(source, layout.dataOffset + start * layout.stride, rows * layout.stride);
      const words = plain
        ? alignedWords(bytes)
        : toFloatRows(bytes, rows, layout, header.encoding === 'binary_little_endian');
      const wordStride = plain ? layout.stride / 4 : layout.names.length;
      const wordOffsets = plain
        ? Uint32Array.from(layout.offsets, (o) => o / 4)
        : Uint32Array.from(layout.names, (_, i) => i);
      decodeFloatRows(words, rows, wordStride, wordOffsets, target, start);
    }
    options.onProgress?.({ stage: 'Reading splats', fraction: (start + rows) / count });
    await yieldToEventLoop();
    throwIfAborted(options.signal, `Opening ${source.name}`);
  }
  await text?.skip(layout.rowsAfter);
  await text?.assertEnd();
  return scene;
}

/** Finds and checks every property before anything is allocated. */
function layOut(source: SceneSource, header: PlyHeader): Layout {
  const { name } = source;
  const vertex = header.elements.find((e) => e.name === 'vertex');
  if (vertex === undefined) throw invalid(name, 'the PLY header has no element named vertex');
  const isText = header.encoding === 'ascii';
  const before = header.elements.slice(0, header.elements.indexOf(vertex));
  let dataOffset = header.byteLength;
  for (const element of isText ? [] : before) {
    const bytes = rowBytes(element);
    if (bytes === null)
      throw unsupported(name, `list properties of the element ${element.name} come before the splats`);
    dataOffset += bytes * element.count;
  }
  const stride = rowBytes(vertex);
  if (stride === null) throw unsupported(name, 'its vertex element has list properties');
  if (vertex.count === 0) throw empty(name);

  const layout = new Map<string, { type: PlyScalar; offset: number; column: number }>();
  let offset = 0;
  let restCount = 0;
  for (const property of vertex.properties) {
    const type = property.type as PlyScalar;
    if (layout.has(property.name)) throw invalid(name, `the property ${property.name} appears twice`);
    layout.set(property.name, { type, offset, column: layout.size });
    offset += scalarBytes(type);
    if (/^f_rest_\d+$/.test(property.name)) restCount++;
  }
  const missing = BASE_NAMES.filter((n) => !layout.has(n));
  if (missing.length > 0) {
    throw invalid(
      name,
      `it is a PLY without the splat properties ${missing.join(', ')} (a mesh or point cloud, perhaps)`,
    );
  }
  const shDegree = ([0, 9, 24, 45] as number[]).indexOf(restCount) as ShDegree | -1;
  if (shDegree === -1)
    throw unsupported(
      name,
      `${restCount} f_rest properties fit no spherical harmonics degree from 0 to 3 (0, 9, 24 or 45)`,
    );
  const coefficients = shRestCount(shDegree);
  const names: string[] = [...BASE_NAMES];
  for (let k = 0; k < coefficients; k++) for (let c = 0; c < 3; c++) names.push(`f_rest_${c * coefficients + k}`);
  const found = names.map((n) => {
    const place = layout.get(n);
    if (place === undefined) throw invalid(name, `the property ${n} is missing`);
    return place;
  });
  if (isText) checkTextSize(source, header, vertex);
  else checkSize(source, header, dataOffset, vertex.count * stride);
  const rowsIn = (elements: readonly PlyElement[]): number => elements.reduce((sum, element) => sum + element.count, 0);
  const [rowsBefore, rowsAfter] = [rowsIn(before), rowsIn(header.elements.slice(before.length + 1))];
  return {
    vertex,
    dataOffset,
    stride,
    shDegree,
    names,
    types: found.map((p) => p.type),
    offsets: found.map((p) => p.offset),
    columns: found.map((p) => p.column),
    rowsBefore,
    rowsAfter,
  };
}

/** In text every number takes a digit and a space or line end at least, the last one maybe without. */
function checkTextSize(source: SceneSource, header: PlyHeader, vertex: PlyElement): void {
  const least = 2 * vertex.count * vertex.properties.length - 1;
  const available = source.size - header.byteLength;
  if (available < least)
    throw truncated(source.name, `${vertex.count} splats as text take ${least} bytes at least, ${available} are there`);
}

/** A header that counts more rows than there are bytes, or fewer, is not believed. */
export function checkSize(source: SceneSource, header: PlyHeader, dataOffset: number, vertexBytes: number): void {
  const available = source.size - dataOffset;
  if (available < vertexBytes)
    throw truncated(
      source.name,
      `its header promises ${vertexBytes} bytes of splats, ${Math.max(0, available)} are there`,
    );
  let expected: number | null = header.byteLength;
  for (const element of header.elements) {
    const bytes = rowBytes(element);
    expected = bytes === null || expected === null ? null : expected + bytes * element.count;
  }
  if (expected !== null && source.size < expected)
    throw truncated(source.name, `its header promises ${expected} bytes, ${source.size} are there`);
  const stray = expected === null ? 0 : source.size - expected;
  // A few stray bytes (a final newline, padding) harm nobody; whole rows more than counted mean a wrong count.
  if (stray > 64) throw invalid(source.name, `it holds ${stray} bytes more than its header accounts for`);
}

interface BitViews {
  readonly positions: Int32Array;
  readonly logScales: Int32Array;
  readonly quats: Int32Array;
  readonly logitOpacities: Int32Array;
  readonly shDc: Int32Array;
  readonly shRest: Int32Array;
}

/** Integer views: moving a float through a JavaScript number may rewrite the payload of a NaN. */
function bitViews(scene: SplatScene): BitViews {
  const bits = (a: Float32Array): Int32Array => new Int32Array(a.buffer, a.byteOffset, a.length);
  return {
    positions: bits(scene.positions),
    logScales: bits(scene.logScales),
    quats: bits(scene.quats),
    logitOpacities: bits(scene.logitOpacities),
    shDc: bits(scene.shDc),
    shRest: bits(scene.shRest),
  };
}

function alignedWords(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

function decodeFloatRows(
  words: Int32Array,
  rows: number,
  stride: number,
  offsets: Uint32Array,
  out: BitViews,
  firstRow: number,
): void {
  const [x, y, z, s0, s1, s2, q0, q1, q2, q3, o, c0, c1, c2] = offsets;
  const rest = offsets.subarray(BASE_NAMES.length);
  const restLength = rest.length;
  for (let r = 0; r < rows; r++) {
    const from = r * stride;
    const row = firstRow + r;
    const p3 = row * 3;
    const p4 = row * 4;
    out.positions[p3] = words[from + x];
    out.positions[p3 + 1] = words[from + y];
    out.positions[p3 + 2] = words[from + z];
    out.logScales[p3] = words[from + s0];
    out.logScales[p3 + 1] = words[from + s1];
    out.logScales[p3 + 2] = words[from + s2];
    out.quats[p4] = words[from + q0];
    out.quats[p4 + 1] = words[from + q1];
    out.quats[p4 + 2] = words[from + q2];
    out.quats[p4 + 3] = words[from + q3];
    out.logitOpacities[row] = words[from + o];
    out.shDc[p3] = words[from + c0];
    out.shDc[p3 + 1] = words[from + c1];
    out.shDc[p3 + 2] = words[from + c2];
    const to = row * restLength;
    for (let k = 0; k < restLength; k++) out.shRest[to + k] = words[from + rest[k]];
  }
}

/** The slow road for other number types, unaligned rows and big-endian files: needed columns as float bits. */
function toFloatRows(bytes: Uint8Array, rows: number, layout: Layout, littleEndian: boolean): Int32Array {
  const width = layout.names.length;
  const floats = new Float32Array(rows * width);
  const bits = new Int32Array(floats.buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let p = 0; p < width; p++) {
    const type = layout.types[p];
    let at = layout.offsets[p];
    for (let to = p; to < floats.length; to += width, at += layout.stride) {
      if (type === 'float') bits[to] = view.getInt32(at, littleEndian);
      else floats[to] = readScalar(view, at, type, littleEndian);
    }
  }
  return bits;
}

function readScalar(view: DataView, at: number, type: Exclude<PlyScalar, 'float'>, littleEndian: boolean): number {
  switch (type) {
    case 'double':
      return view.getFloat64(at, littleEndian);
    case 'char':
      return view.getInt8(at);
    case 'uchar':
      return view.getUint8(at);
    case 'short':
      return view.getInt16(at, littleEndian);
    case 'ushort':
      return view.getUint16(at, littleEndian);
    case 'int':
      return view.getInt32(at, littleEndian);
    case 'uint':
      return view.getUint32(at, littleEndian);
  }
}
