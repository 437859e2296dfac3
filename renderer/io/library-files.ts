import type { ChunkSource, FileSystem, MemoryFileSystem } from '@playcanvas/splat-transform';
import { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { SplatTransform } from './library.ts';
import { CHUNK_ROWS, loadLibrary, toTable } from './library.ts';

/** A file of a scene that is made of several. */
export interface NamedFile {
  /** From the folder of the file that is opened, with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The folder that the library writes into, which is in memory: it makes other paths of its own absolute. */
const FOLDER = '/out/';

/** The files that the library writes. @param body is given the folder to write into, with its slash */
export async function libraryFiles(
  body: (lib: SplatTransform, fs: FileSystem, folder: string) => Promise<void>,
): Promise<NamedFile[]> {
  const lib = await loadLibrary();
  const files = new lib.MemoryFileSystem();
  await body(lib, files, FOLDER);
  return [...files.results.keys()].map((path) => ({ path: path.slice(FOLDER.length), bytes: fileOf(files, path) }));
}

/** A file that the library has written. Its buffers are longer than what it wrote into them. */
export function fileOf(files: MemoryFileSystem, path: string): Uint8Array {
  const bytes = files.results.get(path);
  if (bytes === undefined) throw new SplatError('invalid-file', 'The scene could not be encoded.');
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** The scene as the library's chunks, in the frame of PLY. */
export function chunksOf(lib: SplatTransform, scene: SplatScene): ChunkSource {
  return lib.dataTableToChunkSource(toTable(lib, scene, lib.Transform.PLY), CHUNK_ROWS, undefined, modelOf(scene));
}

/** How the scene was trained, in the library's words. */
export function modelOf({ meta }: SplatScene): 'antialiased' | 'default' {
  return meta.antialiased ? 'antialiased' : 'default';
}

/** (N, 4) of length one, as some formats take for granted. */
export function unitQuats(quats: Float32Array): Float32Array {
  const unit = new Float32Array(quats.length);
  for (let i = 0; i < quats.length; i += 4) {
    const length = Math.hypot(quats[i], quats[i + 1], quats[i + 2], quats[i + 3]);
    for (let k = 0; k < 4; k++) unit[i + k] = length > 0 ? quats[i + k] / length : Number(k === 0);
  }
  return unit;
}
