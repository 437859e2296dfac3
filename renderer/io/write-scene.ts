import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape } from '../core/splat-scene.ts';
import type { WritableFormatId } from '../core/writable-formats.ts';
import type { EncodeOptions } from './encode-options.ts';
import { halfTurnAboutX } from './half-turn.ts';
import { holdDrawn, lostColumnNotes } from './held-scene.ts';
import { holdInSpz } from './hold-in-spz.ts';
import { CHUNK_ROWS, loadLibrary, sceneFromChunks, toTable } from './library.ts';
import { encodeCompressedPly } from './write-compressed-ply.ts';
import { encodeInriaPly } from './write-inria-ply.ts';
import { encodeSpz } from './write-spz.ts';

export type { WritableFormatId } from '../core/writable-formats.ts';

/** A scene as the bytes of a file. */
export interface EncodedScene {
  readonly bytes: Uint8Array;
  /** Splats that were written. */
  readonly splats: number;
  /** What the file does not hold as the scene does, as sentences for people. */
  readonly notes: readonly string[];
}

/**
 * Encodes a scene as the bytes of a file.
 *
 * `inria-ply` keeps everything, bit for bit and in order. The other two are lossy: they round, `compressed-ply` also
 * reorders splats, and neither holds splats that can't be drawn (see `isDrawable`), which are left out; infinite
 * opacities and scales of zero become the nearest number that can be stored.
 * PLY files keep the scene's axes and name the up axis in a comment; `spz` is defined as right, up, back, so a scene
 * whose up is not +y is turned into that frame.
 * @throws SplatError `empty-scene`, `invalid-file`, `unsupported-feature`, `cancelled`
 */
export async function encodeScene(
  scene: SplatScene,
  format: WritableFormatId,
  options: EncodeOptions = {},
): Promise<EncodedScene> {
  assertSceneShape(scene);
  throwIfAborted(options.signal, 'Saving');
  if (scene.count === 0) throw new SplatError('empty-scene', 'A scene without splats cannot be saved.');
  if (format === 'inria-ply') return { bytes: await encodeInriaPly(scene, options), splats: scene.count, notes: [] };
  options.onProgress?.({ stage: 'Encoding', fraction: 0 });
  try {
    const { scene: drawn, notes } = holdDrawn(scene);
    const encoded = await (format === 'compressed-ply' ? encodeCompressedPly : encodeInSpzFrame)(
      drawn,
      options.comment,
    );
    await letAbortThrough();
    throwIfAborted(options.signal, 'Saving');
    options.onProgress?.({ stage: 'Encoding', fraction: 1 });
    return { ...encoded, notes: [...notes, ...encoded.notes, ...lostColumnNotes(scene)] };
  } catch (error) {
    throw toSplatError(error, 'invalid-file', `${scene.meta.name} could not be encoded as ${format}`);
  }
}

/** The library encodes in one go: a signal that came meanwhile is heard only now, after other events of its turn. */
async function letAbortThrough(): Promise<void> {
  await yieldToEventLoop();
  await yieldToEventLoop();
}

async function encodeInSpzFrame(drawn: SplatScene, comment: string | undefined): Promise<EncodedScene> {
  const { scene, fractionalBits, notes } = holdInSpz(drawn);
  const bytes = await encodeSpz(await inSpzFrame(scene), { fractionalBits, comment });
  return { bytes, splats: scene.count, notes };
}

/** The scene turned so that y is up. */
function inSpzFrame(scene: SplatScene): SplatScene | Promise<SplatScene> {
  switch (scene.meta.up) {
    case 'y':
      return scene;
    case '-y':
      return halfTurnAboutX(scene);
    case 'z':
      return standUp(scene);
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
