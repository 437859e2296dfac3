import type { SplatScene } from '../core/splat-scene.ts';
import { CHUNK_ROWS } from './library.ts';
import { chunksOf, libraryFiles, unitQuats } from './library-files.ts';

/** The scene as .splat: one record of 32 bytes a splat, in order. @param scene -y up, see `standUp` */
export async function encodeSplat(scene: SplatScene): Promise<Uint8Array> {
  const [{ bytes }] = await libraryFiles(async (lib, fs, folder) => {
    const pool = lib.createChunkDataPool({ chunkSize: CHUNK_ROWS });
    const source = chunksOf(lib, { ...scene, quats: unitQuats(scene.quats) });
    await lib.writeSource({ filename: `${folder}a`, outputFormat: 'splat', source, pool, options: {} }, fs);
    pool.destroy();
  });
  return bytes;
}
