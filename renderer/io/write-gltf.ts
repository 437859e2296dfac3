import type { SplatScene } from '../core/splat-scene.ts';
import { loadLibrary, toTable } from './library.ts';
import type { NamedFile } from './library-files.ts';
import { fileOf, unitQuats } from './library-files.ts';

const GLB_MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

interface Description {
  asset: { readonly version: string; readonly generator: string; extras?: { readonly comment: string } };
  readonly nodes: { translation?: readonly number[] }[];
  readonly buffers: { readonly byteLength: number; uri?: string }[];
}

/** A glTF 2.0 scene as its description and its one buffer of numbers. */
interface GltfParts {
  readonly description: Description;
  readonly numbers: Uint8Array;
}

/** The scene as a .glb with KHR_gaussian_splatting. @param scene +y up, see `standUp` */
export async function encodeGlb(scene: SplatScene, comment: string | undefined): Promise<Uint8Array> {
  const { description, numbers } = await partsOf(scene, comment);
  const text = padded(new TextEncoder().encode(JSON.stringify(description)), 0x20);
  const bytes = new Uint8Array(HEADER_BYTES + 2 * CHUNK_HEADER_BYTES + text.length + numbers.length);
  const view = new DataView(bytes.buffer);
  const binaryAt = HEADER_BYTES + CHUNK_HEADER_BYTES + text.length;
  [GLB_MAGIC, 2, bytes.length, text.length, JSON_CHUNK].forEach((value, i) => view.setUint32(4 * i, value, true));
  bytes.set(text, HEADER_BYTES + CHUNK_HEADER_BYTES);
  [numbers.length, BINARY_CHUNK].forEach((value, i) => view.setUint32(binaryAt + 4 * i, value, true));
  bytes.set(numbers, binaryAt + CHUNK_HEADER_BYTES);
  return bytes;
}

/**
 * The scene as a .gltf and the file of its numbers beside it, whose name tells its content: an earlier .gltf of the
 * same name stays whole until the new one is in its place.
 * @param scene +y up, see `standUp`
 * @param stem of the .gltf, for the other's name
 */
export async function encodeGltf(
  scene: SplatScene,
  stem: string,
  comment: string | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly beside: readonly NamedFile[] }> {
  const { description, numbers } = await partsOf(scene, comment);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', numbers as Uint8Array<ArrayBuffer>));
  const tag = Array.from(hash.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const path = `${stem}-${tag}.bin`;
  description.buffers[0].uri = encodeURIComponent(path);
  const bytes = new TextEncoder().encode(`${JSON.stringify(description, undefined, 1)}\n`);
  return { bytes, beside: [{ path, bytes: numbers }] };
}

/** The library's .glb taken apart, with what the library leaves out: where the scene counts from, and a comment. */
async function partsOf(scene: SplatScene, comment: string | undefined): Promise<GltfParts> {
  const lib = await loadLibrary();
  const files = new lib.MemoryFileSystem();
  // Without a turn of the library's own, which is another half turn than that of `standUp`.
  const dataTable = toTable(lib, { ...scene, quats: unitQuats(scene.quats) }, lib.Transform.IDENTITY);
  await lib.writeGlb({ filename: 'out', dataTable }, files);
  const glb = fileOf(files, 'out');
  const view = new DataView(glb.buffer, glb.byteOffset);
  const textEnd = HEADER_BYTES + CHUNK_HEADER_BYTES + view.getUint32(HEADER_BYTES, true);
  const text = new TextDecoder().decode(glb.subarray(HEADER_BYTES + CHUNK_HEADER_BYTES, textEnd));
  const description = JSON.parse(text) as Description;
  const { origin } = scene.meta;
  if (origin !== undefined) description.nodes[0].translation = origin;
  if (comment !== undefined) description.asset.extras = { comment };
  const numbersAt = textEnd + CHUNK_HEADER_BYTES;
  return { description, numbers: glb.slice(numbersAt, numbersAt + view.getUint32(textEnd, true)) };
}

/** Bytes up to the next multiple of four, filled. */
function padded(bytes: Uint8Array, filling: number): Uint8Array {
  const all = new Uint8Array(Math.ceil(bytes.length / 4) * 4).fill(filling);
  all.set(bytes);
  return all;
}
