import type { SplatScene } from '../renderer/core/splat-scene.ts';
import type { WritableFormatId } from '../renderer/core/writable-formats.ts';
import type { EncodeOptions } from '../renderer/io/encode-options.ts';
import { wholeContent } from '../renderer/io/file-content.ts';
import type { SceneSource } from '../renderer/io/read-scene.ts';
import { sourceFromBytes } from '../renderer/io/read-scene.ts';
import type { EncodedScene } from '../renderer/io/write-scene.ts';
import { encodeScene } from '../renderer/io/write-scene.ts';

/** What `encodeScene` makes, with the bytes of the file that is opened. */
export async function encodeWhole(
  scene: SplatScene,
  format: WritableFormatId,
  options?: EncodeOptions,
): Promise<EncodedScene & { readonly bytes: Uint8Array }> {
  const encoded = await encodeScene(scene, format, options);
  return { ...encoded, bytes: await wholeContent(encoded.content) };
}

/** The bytes of a scene's file. */
export async function encodedBytes(
  scene: SplatScene,
  format: WritableFormatId,
  options?: EncodeOptions,
): Promise<Uint8Array> {
  return (await encodeWhole(scene, format, options)).bytes;
}

/** The files of a scene, to read. */
export async function encodedSource({ content, beside = [] }: EncodedScene, name = 'encoded'): Promise<SceneSource> {
  const sibling = (path: string): Promise<SceneSource> => {
    const file = beside.find((other) => other.path === path);
    if (file === undefined) throw new Error(`${path} was not written`);
    return Promise.resolve(sourceFromBytes(path, file.bytes));
  };
  return { ...sourceFromBytes(name, await wholeContent(content)), sibling };
}
