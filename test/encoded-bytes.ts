import type { SplatScene } from '../renderer/core/splat-scene.ts';
import type { WritableFormatId } from '../renderer/core/writable-formats.ts';
import type { EncodeOptions } from '../renderer/io/encode-options.ts';
import type { SceneSource } from '../renderer/io/read-scene.ts';
import { sourceFromBytes } from '../renderer/io/read-scene.ts';
import type { EncodedScene } from '../renderer/io/write-scene.ts';
import { encodeScene } from '../renderer/io/write-scene.ts';

/** The bytes of a scene's file. */
export async function encodedBytes(
  scene: SplatScene,
  format: WritableFormatId,
  options?: EncodeOptions,
): Promise<Uint8Array> {
  return (await encodeScene(scene, format, options)).bytes;
}

/** The files of a scene, to read. */
export function encodedSource({ bytes, beside = [] }: EncodedScene, name = 'encoded'): SceneSource {
  const sibling = (path: string): Promise<SceneSource> => {
    const file = beside.find((other) => other.path === path);
    if (file === undefined) throw new Error(`${path} was not written`);
    return Promise.resolve(sourceFromBytes(path, file.bytes));
  };
  return { ...sourceFromBytes(name, bytes), sibling };
}
