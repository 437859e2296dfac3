import type { SplatScene } from '../core/splat-scene.ts';
import { arrayWidth } from '../core/splat-scene.ts';
import type { SplatTransform } from './library.ts';
import { loadLibrary, toTable } from './library.ts';
import type { NamedFile } from './library-files.ts';
import { libraryFiles, modelOf } from './library-files.ts';
import { fileOf } from './library-files.ts';
import { withHarmonics } from './sog-harmonics.ts';

/** Rounds of clustering; the library takes them for harmonics alone, which are not its work here. */
export const SOG_ITERATIONS = 1;

/**
 * The files of a scene as a SOG folder: its pictures, and `meta.json` last.
 * @param scene -y up, see `standUp`
 */
export async function encodeSogFolder(scene: SplatScene): Promise<NamedFile[]> {
  const lib = await loadLibrary();
  const bare = withoutHarmonics(scene);
  const indices = mortonOrder(lib, bare);
  const files = await libraryFiles((_, fs, folder) =>
    lib.writeSog(
      {
        filename: `${folder}meta.json`,
        bundle: false,
        dataTable: toTable(lib, bare, lib.Transform.PLY),
        model: modelOf(scene),
        iterations: SOG_ITERATIONS,
        indices,
        logging: 'silent',
      },
      fs,
    ),
  );
  const { shDegree: degree } = scene;
  return degree === 0 ? files : withHarmonics(lib, files, { degree, values: harmonicsOf(scene, indices) });
}

/** The scene as a SOG bundle, a zip archive of the files of its folder. @param scene -y up, see `standUp` */
export async function encodeSog(scene: SplatScene): Promise<Uint8Array> {
  const lib = await loadLibrary();
  const files = new lib.MemoryFileSystem();
  const zip = new lib.ZipFileSystem(files.createWriter('a'));
  for (const { path, bytes } of await encodeSogFolder(scene)) {
    const writer = await zip.createWriter(path);
    await writer.write(bytes);
    await writer.close();
  }
  await zip.close();
  return fileOf(files, 'a');
}

/** The scene in one colour from all sides. */
export function withoutHarmonics(scene: SplatScene): SplatScene {
  return { ...scene, shDegree: 0, shRest: new Float32Array(0) };
}

/** (N, K, 3) of some rows, in their order. */
export function harmonicsOf({ shRest, shDegree }: SplatScene, rows: Uint32Array): Float32Array {
  const width = arrayWidth('shRest', shDegree);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, at) => values.set(shRest.subarray(row * width, (row + 1) * width), at * width));
  return values;
}

function mortonOrder(lib: SplatTransform, scene: SplatScene): Uint32Array {
  const indices = Uint32Array.from({ length: scene.count }, (_, row) => row);
  lib.sortMortonInterleaved(scene.positions, indices);
  return indices;
}
