import type { SplatScene } from '../renderer/core/splat-scene.ts';
import type { EncodeOptions } from '../renderer/io/encode-options.ts';
import type { WritableFormatId } from '../renderer/io/write-scene.ts';
import { encodeScene } from '../renderer/io/write-scene.ts';

/** The bytes of a scene's file. */
export async function encodedBytes(
  scene: SplatScene,
  format: WritableFormatId,
  options?: EncodeOptions,
): Promise<Uint8Array> {
  return (await encodeScene(scene, format, options)).bytes;
}
