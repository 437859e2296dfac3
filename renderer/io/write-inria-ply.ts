import { throwIfAborted } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import { commentLines, commentsFromMeta } from './ply-header.ts';
import type { EncodeOptions } from './encode-options.ts';

const CHUNK_ROWS = 16384;

/**
 * Writes the PLY layout of INRIA's `save_ply`: little-endian floats, zero normals included, because readers with
 * fixed records (SIBR) count on them. Comments, only where there is something to say, stand last in the header, since
 * the same readers look for the count in its third line. Every bit of every number is kept.
 */
export async function encodeInriaPly(scene: SplatScene, options: EncodeOptions = {}): Promise<Uint8Array> {
  const rest = shRestCount(scene.shDegree) * 3;
  const properties = ['x', 'y', 'z', 'nx', 'ny', 'nz', 'f_dc_0', 'f_dc_1', 'f_dc_2'];
  for (let k = 0; k < rest; k++) properties.push(`f_rest_${k}`);
  properties.push('opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3');
  const lines = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${scene.count}`,
    ...properties.map((p) => `property float ${p}`),
    ...commentsFromMeta(scene.meta),
    ...commentLines(options.comment),
    'end_header',
    '',
  ];
  const header = new TextEncoder().encode(lines.join('\n'));
  const stride = properties.length;
  const file = new Uint8Array(header.byteLength + scene.count * stride * 4);
  file.set(header);
  const rows = new Int32Array(Math.min(CHUNK_ROWS, scene.count) * stride);
  const rowBytes = new Uint8Array(rows.buffer);
  for (let start = 0; start < scene.count; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, scene.count - start);
    fillRows(scene, start, count, stride, rest, rows);
    file.set(rowBytes.subarray(0, count * stride * 4), header.byteLength + start * stride * 4);
    options.onProgress?.({ stage: 'Writing splats', fraction: (start + count) / scene.count });
    await yieldToEventLoop();
    throwIfAborted(options.signal, 'Saving');
  }
  return file;
}

function fillRows(
  scene: SplatScene,
  start: number,
  count: number,
  stride: number,
  rest: number,
  rows: Int32Array,
): void {
  // As integers, so that no NaN loses its payload on the way.
  const bits = (a: Float32Array): Int32Array => new Int32Array(a.buffer, a.byteOffset, a.length);
  const [positions, logScales, quats, logits, dc, shRest] = [
    scene.positions,
    scene.logScales,
    scene.quats,
    scene.logitOpacities,
    scene.shDc,
    scene.shRest,
  ].map(bits);
  const coefficients = rest / 3;
  for (let r = 0; r < count; r++) {
    const row = start + r;
    let to = r * stride;
    for (let k = 0; k < 3; k++) rows[to++] = positions[row * 3 + k];
    to += 3;
    for (let k = 0; k < 3; k++) rows[to++] = dc[row * 3 + k];
    for (let c = 0; c < 3; c++) for (let k = 0; k < coefficients; k++) rows[to++] = shRest[row * rest + k * 3 + c];
    rows[to++] = logits[row];
    for (let k = 0; k < 3; k++) rows[to++] = logScales[row * 3 + k];
    for (let k = 0; k < 4; k++) rows[to++] = quats[row * 4 + k];
  }
}
