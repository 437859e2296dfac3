import { encodedBytes } from '../../encoded-bytes.ts';
import { randomScene } from './fixtures.ts';

/** A .glb of a description and a buffer. */
export function glb(gltf: unknown, binary: Uint8Array): Uint8Array {
  const text = JSON.stringify(gltf);
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
  const out = new Uint8Array(28 + json.length + binary.length);
  const view = new DataView(out.buffer);
  [0x46546c67, 2, out.length, json.length, 0x4e4f534a].forEach((word, k) => view.setUint32(4 * k, word, true));
  out.set(json, 20);
  view.setUint32(20 + json.length, binary.length, true);
  view.setUint32(24 + json.length, 0x004e4942, true);
  out.set(binary, 28 + json.length);
  return out;
}

/**
 * A .glb whose splats lie packed as SPZ in its buffer, by a draft of the extension, and that SPZ file.
 * @param early an extension that stands in the place of KHR_gaussian_splatting
 */
export async function packedGlb(
  count: number,
  early?: string,
): Promise<{ readonly bytes: Uint8Array; readonly spz: Uint8Array }> {
  const spz = await encodedBytes(randomScene(count, 1), 'spz');
  const padded = new Uint8Array(Math.ceil(spz.length / 4) * 4);
  padded.set(spz);
  const packed = { bufferView: 0 };
  const inner = { KHR_gaussian_splatting_compression_spz_2: packed };
  const extensions = early === undefined ? { KHR_gaussian_splatting: { extensions: inner } } : { [early]: packed };
  const description = {
    asset: { version: '2.0' },
    extensionsRequired: [...Object.keys(extensions), ...(early === undefined ? Object.keys(inner) : [])],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: {}, extensions }] }],
    bufferViews: [{ buffer: 0, byteLength: spz.length }],
    buffers: [{ byteLength: padded.length }],
  };
  return { bytes: glb(description, padded), spz };
}
