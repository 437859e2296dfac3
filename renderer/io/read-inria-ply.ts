import { throwIfAborted } from '../core/errors.ts';
import type { ExtraColumn } from '../core/extra-columns.ts';
import { createColumn, saysSomething } from '../core/extra-columns.ts';
import { originFor } from '../core/origin.ts';
import type { ShDegree, SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import { arrayWidth, createScene } from '../core/splat-scene.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import { AsciiRows } from './ascii-rows.ts';
import { flatten, fuseFilter, toCoefficients } from './fuse-ply.ts';
import type { PlyHeader, PlyScalar } from './ply-header.ts';
import { metaFromComments, readPlyHeader } from './ply-header.ts';
import type { PlyLayout, PlyPlace } from './ply-layout.ts';
import { BASE_NAMES, layOutPly } from './ply-layout.ts';
import { previewBlocks, previewOf } from './preview.ts';
import type { SceneRanges } from './scene-ranges.ts';
import { ROWS_AT_A_TIME } from './scene-ranges.ts';
import type { ReadOptions, SceneSource } from './source.ts';
import { readExactly } from './source.ts';

/** Rows of a file at hand: the scene's numbers as bits, and any property by itself. */
interface Chunk {
  readonly rows: number;
  readonly words: Int32Array;
  /** Words from a row to the next, and of each of the scene's numbers. */
  readonly wordStride: number;
  readonly wordOffsets: Uint32Array;
  /** The same words as floats, where they are the file's own rows. */
  readonly floats?: Float32Array;
  number(row: number, place: PlyPlace): number;
}

/**
 * Reads the PLY layout of INRIA's 3D Gaussian Splatting (Kerbl et al. 2023, `save_ply`): one float property a number,
 * in any order, both byte orders or text, SH degree 0-3, and 4 without its highest coefficients. Higher coefficients
 * are stored channel-major (all red, all green, all blue) and become coefficient-major rgb. Floats are copied bit by
 * bit.
 *
 * Also as others write it: with CloudCompare's names, with the two sizes of 2D Gaussian splatting, with the filter of
 * Mip-Splatting, which is fused, with plain colours in the place of coefficients, and with places in double precision,
 * which are counted from an origin where 32-bit numbers would round them. Other columns are kept beside the scene;
 * normals only where they are not all zero.
 * @throws SplatError `truncated-file`, `invalid-file`, `unsupported-feature`, `empty-scene`, `out-of-memory`,
 *   `cancelled`
 */
export async function readInriaPly(source: SceneSource, options: ReadOptions = {}): Promise<SplatScene> {
  const ply = fitted(await openPly(source), options.mostArrayBytes ?? Infinity);
  const { layout, header } = ply;
  const { count } = layout.vertex;
  if (options.onPreview !== undefined) await givePreview(ply, options.onPreview);
  const rows = emptyRows(ply, count);
  const text = header.encoding === 'ascii' ? new AsciiRows(source, header.byteLength) : null;
  await text?.skip(layout.rowsBefore);
  const chunkFrom = (start: number): Promise<Chunk> | undefined => {
    const length = Math.min(ROWS_AT_A_TIME, count - start);
    if (length <= 0) return undefined;
    const chunk = text === null ? readBinary(ply, start, length) : readText(text, layout, length);
    // Whoever waits for it hears of a failure; a reader that was cancelled waits no more.
    chunk.catch(() => undefined);
    return chunk;
  };
  let next = chunkFrom(0);
  for (let start = 0; next !== undefined; start += ROWS_AT_A_TIME) {
    const chunk = await next;
    // The file is read on while these rows are decoded.
    next = chunkFrom(start + ROWS_AT_A_TIME);
    decode(ply, chunk, rows, start);
    options.onProgress?.({ stage: 'Reading splats', fraction: Math.min(1, (start + ROWS_AT_A_TIME) / count) });
    await yieldToEventLoop();
    throwIfAborted(options.signal, `Opening ${source.name}`);
  }
  await text?.skip(layout.rowsAfter);
  await text?.assertEnd();
  return withoutZeroNormals(finish(ply, rows));
}

/**
 * The same file to be read in ranges; undefined where it has to be read from its beginning to its end, as text has, and
 * places in double precision, whose origin follows from all of them. Throws as `readInriaPly`.
 */
export async function openInriaPly(source: SceneSource): Promise<SceneRanges | undefined> {
  const ply = await openPly(source);
  if (ply.isDouble) return undefined;
  const { vertex, shDegree } = ply.layout;
  return { count: vertex.count, shDegree, meta: ply.meta, read: (first, count) => readRange(ply, first, count) };
}

/** Rows of a file with places in single precision. */
async function readRange(ply: OpenPly, first: number, count: number): Promise<SplatScene> {
  const rows = emptyRows(ply, count);
  decode(ply, await readBinary(ply, first, count), rows, 0);
  return finish(ply, rows);
}

async function givePreview(ply: OpenPly, take: (preview: SplatScene) => void): Promise<void> {
  const { count } = ply.layout.vertex;
  const blocks = ply.isDouble ? [] : previewBlocks(count);
  if (blocks.length === 0) return;
  // What higher degrees say is not seen of enlarged splats.
  const coarse = ofDegree(ply, 1);
  const read = await Promise.all(blocks.map((block) => readRange(coarse, block.first, block.count)));
  const preview = previewOf(read, count);
  if (preview !== undefined) take(preview);
}

/** A file whose header has been read and believed. */
interface OpenPly {
  readonly source: SceneSource;
  readonly header: PlyHeader;
  readonly layout: PlyLayout;
  readonly meta: SplatSceneMeta;
  /** Places are read in double precision. */
  readonly isDouble: boolean;
}

async function openPly(source: SceneSource): Promise<OpenPly> {
  const header = await readPlyHeader(source);
  const layout = layOutPly(source, header);
  const { antialiased, up, origin } = metaFromComments(header.comments);
  const meta: SplatSceneMeta = {
    antialiased,
    up: up ?? '-y',
    upIsGuessed: up === undefined,
    ...(origin === undefined ? {} : { origin }),
    ...(layout.degreeInFile === undefined ? {} : { degreeInFile: layout.degreeInFile }),
    ...(layout.others.length === 0 ? {} : { beside: layout.others }),
    format: 'inria-ply',
    name: source.name,
  };
  const isDouble = header.encoding === 'ascii' || layout.places.slice(0, 3).some(({ type }) => type === 'double');
  return { source, header, layout, meta, isDouble };
}

/** The file with no more harmonics than an array of so many bytes holds. */
function fitted(ply: OpenPly, mostArrayBytes: number): OpenPly {
  const { layout } = ply;
  let degree: ShDegree = layout.shDegree;
  while (degree > 0 && 4 * layout.vertex.count * arrayWidth('shRest', degree) > mostArrayBytes)
    degree = (degree - 1) as ShDegree;
  return ofDegree(ply, degree);
}

/** The file without the harmonics of higher degrees. */
function ofDegree(ply: OpenPly, degree: ShDegree): OpenPly {
  const { layout, meta } = ply;
  if (degree >= layout.shDegree) return ply;
  // Coefficients lie by degree, the three colours of each together.
  const places = layout.places.slice(0, BASE_NAMES.length + arrayWidth('shRest', degree));
  return { ...ply, layout: { ...layout, shDegree: degree, places }, meta: { degreeInFile: layout.shDegree, ...meta } };
}

/** Room for rows of the file. */
interface Rows {
  readonly scene: SplatScene;
  readonly bits: BitViews;
  readonly columns: readonly ExtraColumn[];
  readonly filter: Float32Array | undefined;
  readonly places: Float64Array | undefined;
}

function emptyRows({ layout, meta, isDouble }: OpenPly, count: number): Rows {
  const scene = createScene(count, layout.shDegree, meta);
  return {
    scene,
    bits: bitViews(scene),
    columns: layout.extra.map(({ name, type }) => createColumn(name, type, count)),
    filter: layout.filter === undefined ? undefined : new Float32Array(count),
    places: isDouble ? new Float64Array(count * 3) : undefined,
  };
}

/** Puts the rows of a chunk into place `start` and on. */
function decode({ layout }: OpenPly, chunk: Chunk, { bits, columns, filter, places }: Rows, start: number): void {
  decodeFloatRows(chunk.words, chunk.rows, chunk.wordStride, chunk.wordOffsets, bits, start);
  layout.extra.forEach((place, i) => readColumn(chunk, place, columns[i].values, start, 1));
  if (filter !== undefined && layout.filter !== undefined) readColumn(chunk, layout.filter, filter, start, 1);
  if (places !== undefined) for (let k = 0; k < 3; k++) readColumn(chunk, layout.places[k], places, start * 3 + k, 3);
}

/** Puts one property of a chunk's rows into every `step`-th place from `first` on. */
function readColumn(
  chunk: Chunk,
  place: PlyPlace,
  out: Float32Array | Float64Array | ExtraColumn['values'],
  first: number,
  step: number,
): void {
  const { rows, floats, wordStride } = chunk;
  // Every file of INRIA's has three normals: this loop is a fifth of reading one.
  if (floats !== undefined && place.type === 'float' && place.offset % 4 === 0)
    for (let r = 0, from = place.offset / 4; r < rows; r++, from += wordStride) out[first + r * step] = floats[from];
  else for (let r = 0; r < rows; r++) out[first + r * step] = chunk.number(r, place);
}

/** The scene of rows that are complete. */
function finish({ layout }: OpenPly, { scene, columns, filter, places }: Rows): SplatScene {
  if (layout.isFlat) flatten(scene);
  if (layout.mostColour !== undefined) toCoefficients(scene, layout.mostColour);
  if (filter !== undefined) fuseFilter(scene, filter);
  const placed = places === undefined ? scene : aboutOrigin(scene, places);
  return columns.length === 0 ? placed : { ...placed, extra: columns };
}

/** The scene with its positions counted from an origin, where they are too far away for 32-bit numbers. */
function aboutOrigin(scene: SplatScene, places: Float64Array): SplatScene {
  const origin = originFor(places);
  if (origin === undefined) return scene;
  scene.positions.forEach((_, i, positions) => (positions[i] = places[i] - origin[i % 3]));
  return { ...scene, meta: { ...scene.meta, origin } };
}

function withoutZeroNormals(scene: SplatScene): SplatScene {
  const { extra: columns = [], ...rest } = scene;
  const extra = columns.filter(saysSomething);
  return extra.length === 0 ? rest : { ...rest, extra };
}

async function readText(text: AsciiRows, { vertex, places }: PlyLayout, rows: number): Promise<Chunk> {
  const width = vertex.properties.length;
  const values = await text.read(rows, width);
  return {
    rows,
    words: new Int32Array(Float32Array.from(values).buffer),
    wordStride: width,
    wordOffsets: Uint32Array.from(places, ({ column }) => column),
    number: (row, { column }) => values[row * width + column],
  };
}

async function readBinary({ source, layout, header }: OpenPly, start: number, rows: number): Promise<Chunk> {
  const { stride, dataOffset, places } = layout;
  const littleEndian = header.encoding === 'binary_little_endian';
  const bytes = await readExactly(source, dataOffset + start * stride, rows * stride);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPlain =
    littleEndian && stride % 4 === 0 && places.every(({ type, offset }) => type === 'float' && offset % 4 === 0);
  const words = isPlain ? alignedWords(bytes) : toFloatRows(view, rows, layout, littleEndian);
  return {
    rows,
    words,
    ...(isPlain ? { floats: new Float32Array(words.buffer, words.byteOffset, words.length) } : {}),
    wordStride: isPlain ? stride / 4 : places.length,
    wordOffsets: isPlain ? Uint32Array.from(places, ({ offset }) => offset / 4) : Uint32Array.from(places, (_, i) => i),
    number: (row, { offset, type }) => readScalar(view, row * stride + offset, type, littleEndian),
  };
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
  // A Buffer of Node copies nothing when it is sliced.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
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
function toFloatRows(view: DataView, rows: number, { places, stride }: PlyLayout, littleEndian: boolean): Int32Array {
  const width = places.length;
  const floats = new Float32Array(rows * width);
  const bits = new Int32Array(floats.buffer);
  places.forEach(({ type, offset }, p) => {
    for (let to = p, at = offset; to < floats.length; to += width, at += stride) {
      if (type === 'float') bits[to] = view.getInt32(at, littleEndian);
      else floats[to] = readScalar(view, at, type, littleEndian);
    }
  });
  return bits;
}

function readScalar(view: DataView, at: number, type: PlyScalar, littleEndian: boolean): number {
  switch (type) {
    case 'float':
      return view.getFloat32(at, littleEndian);
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
