import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape } from '../core/splat-scene.ts';
import type { WritableFormatId } from '../core/writable-formats.ts';
import type { EncodeOptions } from './encode-options.ts';
import { holdDrawn, lostColumnNotes } from './held-scene.ts';
import { holdInSpz } from './hold-in-spz.ts';
import { standUp } from './stand-up.ts';
import { encodeCompressedPly } from './write-compressed-ply.ts';
import { encodeInriaPly } from './write-inria-ply.ts';
import { encodeSpz } from './write-spz.ts';

export type { WritableFormatId } from '../core/writable-formats.ts';

/** Formats that are defined as right, up, back, while PLY is right, down, forward. */
const FORMATS_RIGHT_UP_BACK = ['spz', 'gltf'];

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
 * A scene that goes from one family of formats to the other is turned to stand as files of that family do: +y is up in
 * SPZ, -y in PLY. PLY files of a scene from any other format but SPZ and glTF keep its axes. PLY names an axis that is
 * known.
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
  if (format === 'inria-ply')
    return { bytes: await encodeInriaPly(await inPlyFrame(scene), options), splats: scene.count, notes: [] };
  options.onProgress?.({ stage: 'Encoding', fraction: 0 });
  try {
    const { scene: drawn, notes } = holdDrawn(scene);
    const encoded =
      format === 'compressed-ply'
        ? await encodeCompressedPly(await inPlyFrame(drawn), options.comment)
        : await encodeInSpzFrame(drawn, options.comment);
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
  const bytes = await encodeSpz(await standUp(scene, 'y'), { fractionalBits, comment });
  return { bytes, splats: scene.count, notes };
}

/** The scene as PLY holds it. */
function inPlyFrame(scene: SplatScene): Promise<SplatScene> | SplatScene {
  return FORMATS_RIGHT_UP_BACK.includes(scene.meta.format) ? standUp(scene, '-y') : scene;
}
