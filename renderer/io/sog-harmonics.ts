import type { ShDegree } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import { clusterVectors } from './cluster-vectors.ts';
import type { NamedFile } from './library-files.ts';
import type { SplatTransform } from './library.ts';

/** Sets of harmonics in a palette: one for each splat of small scenes, and what two bytes of a label can name. */
const PALETTE = { least: 1024, most: 65536 } as const;
/** Pixels of one set stand side by side, and so many sets in a row. */
const SETS_A_ROW = 64;

/** Harmonics of splats in the order of a SOG's pictures. */
export interface Harmonics {
  readonly degree: ShDegree;
  /** (N, K, 3) coefficient-major, then rgb. */
  readonly values: Float32Array;
}

/**
 * A SOG's files with harmonics: a palette of sets and each splat's place in it. The library writes them too, but finds
 * its palette by Lloyd's iterations, which without a graphics card take 37 s for 5,000 splats and hours for a million.
 * @param files as the library writes a scene without harmonics, `meta.json` last
 */
export async function withHarmonics(
  lib: SplatTransform,
  files: readonly NamedFile[],
  { degree, values }: Harmonics,
): Promise<NamedFile[]> {
  const coefficients = shRestCount(degree);
  const count = values.length / (3 * coefficients);
  const size = Math.min(count, PALETTE.most, Math.max(PALETTE.least, 2 ** Math.floor(Math.log2(count))));
  const clusters = clusterVectors(values, 3 * coefficients, size);
  const { picture, codebook } = await paletteOf(lib, clusters.centroids, coefficients);
  const codec = await lib.WebPCodec.create();
  const encode = (rgba: Uint8Array, width: number): Uint8Array =>
    codec.encodeLosslessRGBA(rgba, width, rgba.length / 4 / width) as Uint8Array;
  const [centroids, labels] = ['shN_centroids.webp', 'shN_labels.webp'];
  const manifest = files[files.length - 1];
  const meta = JSON.parse(new TextDecoder().decode(manifest.bytes)) as object;
  const shN = { count: clusters.count, bands: degree, codebook, files: [centroids, labels] };
  return [
    ...files.slice(0, -1),
    { path: centroids, bytes: encode(picture, SETS_A_ROW * coefficients) },
    { path: labels, bytes: encode(labelPicture(clusters.labels), pictureWidth(count)) },
    { path: manifest.path, bytes: new TextEncoder().encode(JSON.stringify({ ...meta, shN })) },
  ];
}

/** The sets as a picture of indices into a codebook of 256 numbers. */
async function paletteOf(
  lib: SplatTransform,
  centroids: Float32Array,
  coefficients: number,
): Promise<{ readonly picture: Uint8Array; readonly codebook: readonly number[] }> {
  const sets = centroids.length / (3 * coefficients);
  const column = { name: 'shN', data: centroids };
  const { centroids: codebook, labels } = await lib.WorkerQueue.run('quantize1d', { columns: [column] });
  const indices = labels[0].data;
  const picture = new Uint8Array(4 * SETS_A_ROW * coefficients * Math.ceil(sets / SETS_A_ROW));
  for (let pixel = 0; pixel < sets * coefficients; pixel++) {
    for (let channel = 0; channel < 3; channel++) picture[4 * pixel + channel] = indices[3 * pixel + channel];
    picture[4 * pixel + 3] = 255;
  }
  return { picture, codebook: Array.from(codebook) };
}

function labelPicture(labels: Uint32Array): Uint8Array {
  const width = pictureWidth(labels.length);
  const height = Math.ceil(labels.length / width / 4) * 4;
  const picture = new Uint8Array(4 * width * height);
  labels.forEach((label, pixel) => {
    picture[4 * pixel] = label;
    picture[4 * pixel + 1] = label >> 8;
    picture[4 * pixel + 3] = 255;
  });
  return picture;
}

/** As the library lays out the pictures that have a pixel for each splat. */
function pictureWidth(count: number): number {
  return Math.ceil(Math.sqrt(count) / 4) * 4;
}
