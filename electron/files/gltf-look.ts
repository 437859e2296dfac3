import { extname } from 'node:path';
import { openFileSource } from '../../renderer/io/node-source.ts';

const HEADER_BYTES = 20;
/** A description of splats is short; a longer one is a model's. */
const LONGEST_LOOK_BYTES = 1 << 22;
/** The extension of splats, and a draft of before it. */
const SPLATS = /KHR_(spz_)?gaussian_splat/;

/**
 * Whether a .glb or .gltf is a model without splats, as most are. Looks at its description only; what can't be read is
 * none, and fails by name when its turn comes. Files with other endings are none either.
 */
export async function isModelWithoutSplats(path: string): Promise<boolean> {
  const ending = extname(path).toLowerCase();
  if (ending !== '.glb' && ending !== '.gltf') return false;
  try {
    const source = await openFileSource(path);
    try {
      const head = new DataView((await source.read(0, HEADER_BYTES)).slice().buffer);
      const isBinary = head.byteLength === HEADER_BYTES && head.getUint32(0, true) === 0x46546c67;
      if (ending === '.glb' && !isBinary) return false;
      const from = isBinary ? HEADER_BYTES : 0;
      const length = isBinary ? head.getUint32(12, true) : source.size;
      const text = new TextDecoder().decode(await source.read(from, Math.min(length, LONGEST_LOOK_BYTES)));
      return text.includes('"asset"') && !SPLATS.test(text);
    } finally {
      await source.close();
    }
  } catch {
    return false;
  }
}
