import type { DataTable } from '@playcanvas/splat-transform';
import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import { invalidSplatMask } from '../core/invalid.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape, shRestCount } from '../core/splat-scene.ts';
import type { WritableFormatId } from '../core/writable-formats.ts';
import type { EncodeOptions } from './encode-options.ts';
import { finiteLogit, finiteLogScale } from './finite-limits.ts';
import { halfTurnAboutX } from './half-turn.ts';
import type { SplatTransform } from './library.ts';
import { CHUNK_ROWS, loadLibrary, sceneFromChunks } from './library.ts';
import { commentLines, commentsFromMeta } from './ply-header.ts';
import { encodeInriaPly } from './write-inria-ply.ts';
import { encodeSpz, SPZ_LIMIT } from './write-spz.ts';

export type { WritableFormatId } from '../core/writable-formats.ts';

/**
 * Encodes a scene as the bytes of a file.
 *
 * `inria-ply` keeps everything, bit for bit and in order. The other two are lossy: they round, `compressed-ply` also
 * reorders splats, and neither can hold NaN or infinite numbers: infinite opacities and scales of zero become the
 * nearest number that can be stored, other invalid splats are left out.
 * PLY files keep the scene's axes and name the up axis in a comment; `spz` is defined as right, up, back, so a scene
 * whose up is not +y is turned into that frame.
 * @throws SplatError `empty-scene`, `invalid-file`, `unsupported-feature`, `cancelled`
 */
export async function encodeScene(
  scene: SplatScene,
  format: WritableFormatId,
  options: EncodeOptions = {},
): Promise<Uint8Array> {
  assertSceneShape(scene);
  throwIfAborted(options.signal, 'Saving');
  if (scene.count === 0) throw new SplatError('empty-scene', 'A scene without splats cannot be saved.');
  if (format === 'inria-ply') return encodeInriaPly(scene, options);
  options.onProgress?.({ stage: 'Encoding', fraction: 0 });
  try {
    const finite = finiteScene(scene);
    const bytes = await (format === 'compressed-ply'
      ? encodeCompressedPly(finite, options.comment)
      : encodeInSpzFrame(finite, options.comment));
    throwIfAborted(options.signal, 'Saving');
    options.onProgress?.({ stage: 'Encoding', fraction: 1 });
    return bytes;
  } catch (error) {
    throw toSplatError(error, 'invalid-file', `${scene.meta.name} could not be encoded as ${format}`);
  }
}

async function encodeCompressedPly(scene: SplatScene, comment: string | undefined): Promise<Uint8Array> {
  const lib = await loadLibrary();
  const files = new lib.MemoryFileSystem();
  await lib.writeCompressedPly({ filename: 'out', dataTable: toTable(lib, scene, lib.Transform.PLY) }, files);
  const comments = [...commentsFromMeta(scene.meta), ...commentLines(comment)];
  const bytes = result(files, scene);
  if (comments.length === 0) return bytes;
  // The library's header cannot carry the up axis; comments go in behind its first two lines.
  const at = bytes.indexOf(0x0a, bytes.indexOf(0x0a) + 1) + 1;
  const extra = new TextEncoder().encode(`${comments.join('\n')}\n`);
  const all = new Uint8Array(bytes.byteLength + extra.byteLength);
  all.set(bytes.subarray(0, at));
  all.set(extra, at);
  all.set(bytes.subarray(at), at + extra.byteLength);
  return all;
}

async function encodeInSpzFrame(scene: SplatScene, comment: string | undefined): Promise<Uint8Array> {
  for (const value of scene.positions) {
    if (Math.abs(value) >= SPZ_LIMIT) {
      throw new SplatError(
        'unsupported-feature',
        `SPZ cannot hold splats ${SPZ_LIMIT} units and more from the origin.`,
        'Save as PLY instead.',
      );
    }
  }
  switch (scene.meta.up) {
    case 'y':
      return encodeSpz(scene, comment);
    case '-y':
      return encodeSpz(halfTurnAboutX(scene), comment);
    case 'z':
      return encodeSpz(await standUp(scene), comment);
  }
}

/** Turns z up into y up by the library, since a quarter turn mixes harmonics. */
async function standUp(scene: SplatScene): Promise<SplatScene> {
  const lib = await loadLibrary();
  const frame = lib.Transform.PLY.clone().mul(new lib.Transform().fromEulers(-90, 0, 0));
  const pool = lib.createChunkDataPool({ chunkSize: CHUNK_ROWS });
  const chunks = lib.bakeTransform(
    lib.dataTableToChunkSource(toTable(lib, scene, frame), CHUNK_ROWS),
    lib.Transform.PLY,
  );
  const turned = await sceneFromChunks(chunks, pool, scene.meta, {});
  pool.destroy();
  return { ...turned, meta: scene.meta };
}

function result(files: { readonly results: Map<string, Uint8Array> }, scene: SplatScene): Uint8Array {
  const bytes = files.results.get('out');
  if (bytes === undefined) throw new SplatError('invalid-file', `${scene.meta.name} could not be encoded.`);
  return bytes;
}

/** The scene as lossy formats can hold it: extremes clamped, other invalid splats left out. */
function finiteScene(scene: SplatScene): SplatScene {
  const logScales = scene.logScales.map(finiteLogScale);
  const logitOpacities = scene.logitOpacities.map(finiteLogit);
  const clamped: SplatScene = { ...scene, logScales, logitOpacities };
  const kept = keepRows(
    clamped,
    invalidSplatMask(clamped).map((invalid) => 1 - invalid),
  );
  if (kept.count === 0)
    throw new SplatError(
      'empty-scene',
      `${scene.meta.name} holds only invalid splats, which this format cannot store.`,
      'Save as PLY instead.',
    );
  return kept;
}

/** The scene as the library's table of columns. */
export function toTable(
  lib: SplatTransform,
  scene: SplatScene,
  frame: InstanceType<SplatTransform['Transform']>,
): DataTable {
  const coefficients = shRestCount(scene.shDegree);
  const column = (
    name: string,
    values: Float32Array,
    width: number,
    at: number,
  ): InstanceType<SplatTransform['Column']> => {
    const data = new Float32Array(scene.count);
    for (let row = 0, from = at; row < data.length; row++, from += width) data[row] = values[from];
    return new lib.Column(name, data);
  };
  const columns = [
    ...['x', 'y', 'z'].map((n, k) => column(n, scene.positions, 3, k)),
    ...[0, 1, 2].map((k) => column(`scale_${k}`, scene.logScales, 3, k)),
    ...[0, 1, 2].map((k) => column(`f_dc_${k}`, scene.shDc, 3, k)),
    column('opacity', scene.logitOpacities, 1, 0),
    ...[0, 1, 2, 3].map((k) => column(`rot_${k}`, scene.quats, 4, k)),
  ];
  for (let c = 0; c < 3; c++) {
    for (let k = 0; k < coefficients; k++)
      columns.push(column(`f_rest_${c * coefficients + k}`, scene.shRest, coefficients * 3, k * 3 + c));
  }
  return new lib.DataTable(columns, frame);
}
