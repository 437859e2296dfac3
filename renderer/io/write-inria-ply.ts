import { SplatError, throwIfAborted } from '../core/errors.ts';
import type { ColumnType, ExtraColumn } from '../core/extra-columns.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import { commentLines, commentsFromMeta, scalarBytes } from './ply-header.ts';
import type { EncodeOptions } from './encode-options.ts';
import type { FileContent } from './file-content.ts';
import type { SceneRanges } from './scene-ranges.ts';
import { ROWS_AT_A_TIME } from './scene-ranges.ts';
import { standUp } from './stand-up.ts';

/** Formats that are defined as right, up, back, while PLY is right, down, forward. */
const FORMATS_RIGHT_UP_BACK = ['spz', 'gltf'];
const NORMALS = ['nx', 'ny', 'nz'] as const;

/** One property of the file: `put` writes a row's number at a place of the view, little-endian. */
interface Column {
  readonly name: string;
  readonly type: ColumnType;
  put(view: DataView, at: number, row: number): void;
}

/**
 * Writes the PLY layout of INRIA's `save_ply`: little-endian floats, normals included, because readers with fixed
 * records (SIBR) count on them. The scene's further columns come last, and positions counted from an origin become
 * places of the world in double precision. Comments, only where there is something to say, stand last in the header,
 * since the same readers look for the count in its third line. Every bit of every number is kept.
 *
 * Rows are read and written a piece at a time: the file is never in memory as a whole, nor has the scene to be.
 * @throws SplatError `empty-scene`, `invalid-file`; while pieces are made also `cancelled`, and what reading throws
 */
export async function encodeInriaPly(scene: SceneRanges, options: EncodeOptions = {}): Promise<FileContent> {
  if (scene.count === 0) throw new SplatError('empty-scene', 'A scene without splats cannot be saved.');
  const first = await inPlyFrame(await scene.read(0, 1));
  const columns = columnsOf(first);
  const lines = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${scene.count}`,
    ...columns.map(({ name, type }) => `property ${type} ${name}`),
    ...commentsFromMeta(first.meta),
    ...commentLines(options.comment),
    'end_header',
    '',
  ];
  const header = new TextEncoder().encode(lines.join('\n'));
  const stride = columns.reduce((sum, { type }) => sum + scalarBytes(type), 0);
  return {
    size: header.byteLength + scene.count * stride,
    pieces: () => piecesOf(scene, header, stride, options),
  };
}

async function* piecesOf(
  scene: SceneRanges,
  header: Uint8Array,
  stride: number,
  { signal, onProgress }: EncodeOptions,
): AsyncGenerator<Uint8Array> {
  yield header;
  const piece = new Uint8Array(Math.min(ROWS_AT_A_TIME, scene.count) * stride);
  const view = new DataView(piece.buffer);
  for (let start = 0; start < scene.count; start += ROWS_AT_A_TIME) {
    const rows = await inPlyFrame(await scene.read(start, Math.min(ROWS_AT_A_TIME, scene.count - start)));
    let offset = 0;
    for (const column of columnsOf(rows)) {
      for (let row = 0, at = offset; row < rows.count; row++, at += stride) column.put(view, at, row);
      offset += scalarBytes(column.type);
    }
    yield piece.subarray(0, rows.count * stride);
    onProgress?.({ stage: 'Writing splats', fraction: (start + rows.count) / scene.count });
    await yieldToEventLoop();
    throwIfAborted(signal, 'Saving');
  }
}

/** The scene as PLY, plain or compressed, holds it. */
export function inPlyFrame(scene: SplatScene): Promise<SplatScene> | SplatScene {
  return FORMATS_RIGHT_UP_BACK.includes(scene.meta.format) ? standUp(scene, '-y') : scene;
}

function columnsOf(scene: SplatScene): Column[] {
  const { positions, logScales, quats, logitOpacities, shDc, shRest, extra = [], meta } = scene;
  const coefficients = shRestCount(scene.shDegree);
  const three = (name: (k: number) => string, values: Float32Array): Column[] =>
    [0, 1, 2].map((k) => floats(name(k), values, 3, k));
  const { origin } = meta;
  const places =
    origin === undefined
      ? three((k) => 'xyz'[k], positions)
      : [0, 1, 2].map((k) => doubles('xyz'[k], (row) => origin[k] + positions[3 * row + k]));
  const normals = NORMALS.map((name): Column => {
    const kept = extra.find((column) => column.name === name);
    return kept === undefined ? { name, type: 'float', put: () => undefined } : further(kept);
  });
  const rest: Column[] = [];
  for (let c = 0; c < 3; c++)
    for (let k = 0; k < coefficients; k++)
      rest.push(floats(`f_rest_${c * coefficients + k}`, shRest, coefficients * 3, k * 3 + c));
  return [
    ...places,
    ...normals,
    ...three((k) => `f_dc_${k}`, shDc),
    ...rest,
    floats('opacity', logitOpacities, 1, 0),
    ...three((k) => `scale_${k}`, logScales),
    ...[0, 1, 2, 3].map((k) => floats(`rot_${k}`, quats, 4, k)),
    ...extra.filter(({ name }) => !(NORMALS as readonly string[]).includes(name)).map(further),
  ];
}

/** As integers, so that no NaN loses its payload on the way. */
function floats(name: string, values: Float32Array, width: number, lane: number): Column {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  return { name, type: 'float', put: (view, at, row) => view.setInt32(at, bits[row * width + lane], true) };
}

function doubles(name: string, valueOf: (row: number) => number): Column {
  return { name, type: 'double', put: (view, at, row) => view.setFloat64(at, valueOf(row), true) };
}

function further({ name, type, values }: ExtraColumn): Column {
  switch (type) {
    case 'float':
      return floats(name, values as Float32Array, 1, 0);
    case 'double':
      return doubles(name, (row) => values[row]);
    case 'char':
      return { name, type, put: (view, at, row) => view.setInt8(at, values[row]) };
    case 'uchar':
      return { name, type, put: (view, at, row) => view.setUint8(at, values[row]) };
    case 'short':
      return { name, type, put: (view, at, row) => view.setInt16(at, values[row], true) };
    case 'ushort':
      return { name, type, put: (view, at, row) => view.setUint16(at, values[row], true) };
    case 'int':
      return { name, type, put: (view, at, row) => view.setInt32(at, values[row], true) };
    case 'uint':
      return { name, type, put: (view, at, row) => view.setUint32(at, values[row], true) };
  }
}
