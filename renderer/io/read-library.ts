import type { ChunkSource } from '@playcanvas/splat-transform';
import { throwIfAborted } from '../core/errors.ts';
import type { Vec3 } from '../core/vector.ts';
import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import type { SceneFormatId } from './formats.ts';
import { sceneFormat, SNIFF_BYTES } from './formats.ts';
import type { SplatTransform } from './library.ts';
import { CHUNK_ROWS, libraryFolder, librarySource, loadLibrary, sceneFromChunks } from './library.ts';
import { metaFromComments, readPlyHeader, rowBytes } from './ply-header.ts';
import { checkSize } from './ply-layout.ts';
import { previewBlocks, previewOf } from './preview.ts';
import { readLod } from './read-lod.ts';
import { prepareSpz } from './read-spz.ts';
import { keptHarmonics } from './spz-degree-4.ts';
import { mirrorAlongZ } from './spz-frame.ts';
import { checkBundle, checkSogManifest } from './sog-guard.ts';
import type { ReadOptions, SceneSource } from './source.ts';
import { empty, invalid, readExactly, sourceFromBytes, truncated, unsupported } from './source.ts';

export type LibraryFormatId = Exclude<SceneFormatId, 'inria-ply' | 'gltf' | 'lcc' | 'lcc2'>;

const SPLAT_BYTES = 32;

/** What a streamed SOG's manifest is called before the library. */
const LOD_MANIFEST = 'lod-meta.json';

interface Opened {
  readonly chunks: ChunkSource;
  /** Replaces the decoded positions where the library cannot know them. */
  readonly positions?: Float32Array | null;
  readonly up?: SplatSceneMeta['up'] | undefined;
  /** Its axes are left-handed. */
  readonly isMirrored?: boolean | undefined;
  /** Where the file says so in a place that the library does not look at. */
  readonly antialiased?: boolean;
  readonly origin?: Vec3;
  readonly degreeInFile?: 4 | undefined;
  /** Harmonics of degree 4, as those of degree 2 of three times as many splats. */
  readonly harmonics?: ChunkSource | undefined;
}

/**
 * Reads everything but plain PLY by `@playcanvas/splat-transform`, which decodes all formats without turning axes.
 * Sizes and counts are checked here first, so that the library never works on claims the bytes cannot keep.
 */
export async function readByLibrary(
  source: SceneSource,
  id: LibraryFormatId,
  options: ReadOptions,
): Promise<SplatScene> {
  const lib = await loadLibrary();
  throwIfAborted(options.signal, `Opening ${source.name}`);
  options.onProgress?.({ stage: 'Decoding', fraction: 0 });
  if (id === 'splat' && options.onPreview !== undefined) await givePreview(source, options.onPreview);
  if (id === 'sog' && (await hasLevels(source))) {
    const { defaultUp: up } = sceneFormat(id);
    const meta: SplatSceneMeta = { antialiased: false, up, upIsGuessed: true, format: id, name: source.name };
    return readLod(lib, libraryFolder(lib, source, LOD_MANIFEST), LOD_MANIFEST, meta, options);
  }
  const pool = lib.createChunkDataPool({ chunkSize: CHUNK_ROWS });
  const open = {
    'compressed-ply': openCompressedPly,
    splat: openSplat,
    ksplat: openKsplat,
    spz: openSpz,
    sog: openSog,
  }[id];
  const { chunks, harmonics, positions, up, isMirrored, antialiased, origin, degreeInFile } = await open(
    lib,
    source,
    pool,
  );
  try {
    options.onProgress?.({ stage: 'Decoding', fraction: 1 });
    const format = sceneFormat(id);
    const meta: SplatSceneMeta = {
      antialiased: false,
      ...(origin === undefined ? {} : { origin }),
      ...(degreeInFile === undefined ? {} : { degreeInFile }),
      up: up ?? format.defaultUp,
      upIsGuessed: up === undefined,
      format: id,
      name: source.name,
    };
    const decoded = await sceneFromChunks(lib, chunks, meta, options);
    const scene =
      harmonics === undefined
        ? decoded
        : withHarmonics(decoded, (await sceneFromChunks(lib, harmonics, meta, options)).shRest);
    if (positions !== null && positions !== undefined) scene.positions.set(positions);
    const told = antialiased === undefined ? scene : { ...scene, meta: { ...scene.meta, antialiased } };
    return isMirrored === true ? mirrorAlongZ(told) : told;
  } finally {
    await chunks.close();
    await harmonics?.close();
    pool.destroy();
  }
}

/** A scene without higher harmonics with those of degrees 1 to 3 out of the ones of degree 4. */
function withHarmonics(scene: SplatScene, ofDegree4: Float32Array): SplatScene {
  return { ...scene, shDegree: 3, shRest: keptHarmonics(ofDegree4) };
}

type Pool = ReturnType<SplatTransform['createChunkDataPool']>;

async function openCompressedPly(lib: SplatTransform, source: SceneSource, pool: Pool): Promise<Opened> {
  const header = await readPlyHeader(source);
  if (header.encoding !== 'binary_little_endian')
    throw unsupported(source.name, `it is a compressed PLY in the encoding ${header.encoding}`);
  const [chunk, vertex] = ['chunk', 'vertex'].map((n) => header.elements.find((e) => e.name === n));
  if (chunk === undefined || vertex === undefined)
    throw invalid(source.name, 'a compressed PLY needs the elements chunk and vertex');
  if (vertex.count === 0) throw empty(source.name);
  if (chunk.count !== Math.ceil(vertex.count / 256))
    throw invalid(source.name, `${chunk.count} chunks of 256 do not fit ${vertex.count} splats`);
  const sh = header.elements.find((e) => e.name === 'sh');
  if (sh !== undefined && sh.count !== vertex.count)
    throw invalid(source.name, `${sh.count} rows of spherical harmonics do not fit ${vertex.count} splats`);
  if (rowBytes(vertex) === null) throw unsupported(source.name, 'its vertex element has list properties');
  checkSize(source, header, header.byteLength, 0);
  const chunks = await lib.readPly(librarySource(lib, source), pool);
  return { chunks, ...metaFromComments(header.comments) };
}

/** A .splat is rows and nothing else, so some of its rows are a .splat, too. */
async function givePreview(source: SceneSource, take: (preview: SplatScene) => void): Promise<void> {
  const count = Math.floor(source.size / SPLAT_BYTES);
  const blocks = previewBlocks(count);
  if (blocks.length === 0) return;
  const read = await Promise.all(
    blocks.map((block) => readExactly(source, block.first * SPLAT_BYTES, block.count * SPLAT_BYTES)),
  );
  const rows = new Uint8Array(read.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const block of read) {
    rows.set(block, filled);
    filled += block.length;
  }
  const preview = previewOf([await readByLibrary(sourceFromBytes(source.name, rows), 'splat', {})], count);
  if (preview !== undefined) take(preview);
}

async function openSplat(lib: SplatTransform, source: SceneSource, pool: Pool): Promise<Opened> {
  if (source.size % SPLAT_BYTES !== 0)
    throw truncated(source.name, `${source.size} bytes are no whole number of 32-byte splats`);
  return { chunks: await lib.readSplat(librarySource(lib, source), pool) };
}

async function openKsplat(lib: SplatTransform, source: SceneSource, pool: Pool): Promise<Opened> {
  // A copy at offset 0: the library lays typed arrays over it, which need aligned bytes.
  const bytes = (await readExactly(source, 0, source.size)).slice();
  const view = new DataView(bytes.buffer);
  if (bytes.byteLength < 4096) throw truncated(source.name, 'the KSPLAT header is cut off');
  const count = view.getUint32(16, true);
  const bytesPerSplat = view.getUint16(20, true) === 0 ? 44 : 24;
  const needed = 4096 + view.getUint32(4, true) * 1024 + count * bytesPerSplat;
  if (count === 0) throw empty(source.name);
  if (needed > bytes.byteLength)
    throw truncated(source.name, `${count} splats take at least ${needed} bytes, ${bytes.byteLength} are there`);
  const table = await lib.readKsplat(librarySource(lib, sourceFromBytes(source.name, bytes)));
  return { chunks: lib.dataTableToChunkSource(table, pool.chunkSize) };
}

async function openSpz(lib: SplatTransform, source: SceneSource, pool: Pool): Promise<Opened> {
  const { bytes, positions, frame, degreeInFile, harmonics } = await prepareSpz(source);
  const read = async (file: Uint8Array): Promise<ChunkSource> => {
    const chunks = await lib.readSpz(librarySource(lib, sourceFromBytes(source.name, file)), pool);
    // The library answers damage in a version 4 stream with an empty scene instead of an error.
    if (chunks.meta.numGaussians === 0) throw invalid(source.name, 'one of its streams cannot be unpacked');
    return chunks;
  };
  return {
    chunks: await read(bytes),
    positions,
    up: frame?.up,
    isMirrored: frame?.isMirrored,
    degreeInFile,
    harmonics: harmonics === undefined ? undefined : await read(harmonics),
  };
}

/** A bundle (.sog) or a folder's meta.json. */
async function openSog(lib: SplatTransform, source: SceneSource): Promise<Opened> {
  const head = await source.read(0, Math.min(SNIFF_BYTES, source.size));
  if (head[0] === 0x50) {
    const files = libraryFolder(lib, source, 'scene.sog');
    const zip = new lib.ZipReadFileSystem(await files.createSource('scene.sog'));
    await checkBundle(zip, source.name, source.size);
    await checkSogManifest(zip, 'meta.json', source.name);
    zip.close();
    return { chunks: await only(lib.readFile({ filename: 'scene.sog', inputFormat: 'sog', fileSystem: files })) };
  }
  const files = libraryFolder(lib, source, 'meta.json');
  await checkSogManifest(files, 'meta.json', source.name);
  return { chunks: await only(lib.readFile({ filename: 'meta.json', inputFormat: 'sog', fileSystem: files })) };
}

/** Whether a SOG is a streamed one, with levels of detail. */
async function hasLevels(source: SceneSource): Promise<boolean> {
  const head = await source.read(0, Math.min(SNIFF_BYTES, source.size));
  return head[0] !== 0x50 && new TextDecoder().decode(head).includes('"lodLevels"');
}

async function only(sources: Promise<ChunkSource[]>): Promise<ChunkSource> {
  return (await sources)[0];
}
