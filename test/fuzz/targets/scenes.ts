import { gzipSync } from 'node:zlib';
import type { ShDegree } from '../../../renderer/core/splat-scene.ts';
import { assertSceneShape } from '../../../renderer/core/splat-scene.ts';
import type { SceneSource } from '../../../renderer/io/source.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { commentsOfWholeFile } from '../../../renderer/io/whole-file.ts';
import type { WritableFormatId } from '../../../renderer/io/write-scene.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { dataBytes } from '../../test-data.ts';
import { bundleOf, randomScene, SOG_FILES, withVersion1Positions } from '../../unit/io/fixtures.ts';
import { unzipped, zipped } from '../archive.ts';
import { joined } from '../mutate-bytes.ts';
import type { Seed, Target } from '../target.ts';

const SOG_FOLDER = 'scenes/playbot/6_0';
const LOD_FOLDER = 'cases/lod_sky';

/** Readers of scenes, one target a format. */
export const SCENE_TARGETS: readonly Target[] = [
  { name: 'ply', inputsInTests: 200, seeds: plySeeds },
  { name: 'ply-text', inputsInTests: 200, seeds: () => [single('text.ply', textPly())] },
  { name: 'compressed-ply', inputsInTests: 60, seeds: () => written('compressed.ply', 'compressed-ply', 0, 1, 3) },
  { name: 'splat', inputsInTests: 60, seeds: () => [minimal('minimal.splat')] },
  { name: 'ksplat', inputsInTests: 100, seeds: () => [minimal('minimal.ksplat')] },
  { name: 'spz', inputsInTests: 100, seeds: spzSeeds },
  { name: 'spz-4', inputsInTests: 100, seeds: () => [minimal('minimal-v4.spz')] },
  { name: 'gltf', inputsInTests: 100, seeds: gltfSeeds },
  { name: 'sog', inputsInTests: 10, seeds: bundleSeeds },
  { name: 'sog-folder', inputsInTests: 10, seeds: () => folderSeeds(SOG_FOLDER, 'meta.json', SOG_FILES) },
  { name: 'sog-levels', inputsInTests: 10, seeds: levelSeeds },
];

/** What looks at the end of a file that a batch left; a page cut short is one without a comment. */
export const OUTPUT_TARGETS: readonly Target[] = [{ name: 'finished-output', inputsInTests: 100, seeds: outputSeeds }];

async function readSound(source: SceneSource): Promise<void> {
  assertSceneShape(await readScene(source));
}

function single(name: string, bytes: Uint8Array): Seed {
  return { name, bytes, read: (damaged) => readSound(sourceFromBytes(name, damaged)) };
}

function minimal(name: string): Seed {
  return single(name, dataBytes(`scenes/minimal/${name}`));
}

function written(ending: string, format: WritableFormatId, ...degrees: readonly ShDegree[]): Promise<Seed[]> {
  return Promise.all(
    degrees.map(async (degree) =>
      single(`degree-${degree}.${ending}`, await encodedBytes(randomScene(5, degree), format)),
    ),
  );
}

async function plySeeds(): Promise<Seed[]> {
  // Doubles, an origin far away, columns of its own and flat splats, each with its first rows alone.
  const cut = ['utm_double', 'labels', '2dgs', 'filter3d'].map((name) =>
    single(`${name}.ply`, withRows(dataBytes(`cases/${name}.ply`), 4)),
  );
  return [...(await written('ply', 'inria-ply', 0, 3)), ...cut];
}

/** A PLY of one element with its first rows alone. */
function withRows(bytes: Uint8Array, rows: number): Uint8Array {
  const marker = 'end_header\n';
  const end = Buffer.from(bytes).indexOf(marker) + marker.length;
  const header = new TextDecoder().decode(bytes.subarray(0, end));
  const count = Number(/element vertex (\d+)/.exec(header)?.[1]);
  const stride = (bytes.length - end) / count;
  const shorter = header.replace(`element vertex ${count}`, `element vertex ${rows}`);
  return joined(new TextEncoder().encode(shorter), bytes.subarray(end, end + rows * stride));
}

function textPly(): Uint8Array {
  const names = ['x', 'y', 'z', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3', 'opacity'];
  const properties = [...names, 'f_dc_0', 'f_dc_1', 'f_dc_2'].map((name) => `property float ${name}`);
  const row = '0 0.5 -1 -3 -3 -2.5 1 0 0 0 1.5 0.2 0.1 0';
  const header = ['ply', 'format ascii 1.0', 'comment Vertical axis: 0 0 1', 'element vertex 3', ...properties];
  return new TextEncoder().encode([...header, 'end_header', row, row, row, ''].join('\n'));
}

async function spzSeeds(): Promise<Seed[]> {
  const raw = dataBytes('scenes/minimal/minimal-raw.spz');
  const version1 = withVersion1Positions(raw);
  return [
    ...['minimal-raw.spz', 'minimal-v2.spz', 'minimal-v3.spz'].map(minimal),
    single('v1.spz', version1),
    single('v1-packed.spz', new Uint8Array(gzipSync(version1))),
    single('frame.spz', dataBytes('cases/v3_says_rdf.spz')),
    ...(await written('spz', 'spz', 0, 3)),
  ];
}

function gltfSeeds(): Seed[] {
  const binary = dataBytes('cases/khr_gltf/scene.bin');
  const files: Readonly<Record<string, Uint8Array>> = { 'scene.bin': binary };
  const text = new TextDecoder().decode(dataBytes('cases/khr_gltf/scene.gltf'));
  const within = text.replace('"scene.bin"', JSON.stringify(`data:;base64,${Buffer.from(binary).toString('base64')}`));
  return [
    single('khr.glb', dataBytes('cases/khr.glb')),
    single('within.gltf', new TextEncoder().encode(within)),
    {
      name: 'scene.gltf',
      bytes: new TextEncoder().encode(text),
      read: (damaged) => readSound(beside('scene.gltf', damaged, files)),
    },
  ];
}

async function bundleSeeds(): Promise<Seed[]> {
  const stored = await bundleOf(SOG_FOLDER);
  const deflated = zipped((unzipped(stored) ?? []).map((entry) => ({ ...entry, isDeflated: true })));
  return [single('stored.sog', stored), single('deflated.sog', deflated)];
}

/** Each file of a folder damaged while the others are sound. */
function folderSeeds(folder: string, manifest: string, names: readonly string[]): Seed[] {
  const files = Object.fromEntries(names.map((name) => [name, dataBytes(`${folder}/${name}`)]));
  return names.map((name) => ({
    name: name.replaceAll('/', '-'),
    bytes: files[name],
    read: (damaged) => {
      const all = { ...files, [name]: damaged };
      return readSound(beside(manifest, all[manifest], all));
    },
  }));
}

/** Blocks of the finest level and what is around them: nothing else is read. */
function levelSeeds(): Seed[] {
  const pictures = ['means_l.webp', 'means_u.webp', 'quats.webp', 'scales.webp', 'sh0.webp'];
  const inFolders = ['0_0', 'env'].flatMap((part) => ['meta.json', ...pictures].map((name) => `${part}/${name}`));
  return folderSeeds(LOD_FOLDER, 'lod-meta.json', ['lod-meta.json', ...inFolders]);
}

function beside(name: string, bytes: Uint8Array, files: Readonly<Record<string, Uint8Array>>): SceneSource {
  return {
    ...sourceFromBytes(name, bytes),
    sibling: async (path) => {
      if (!Object.hasOwn(files, path)) throw Object.assign(new Error(`no ${path}`), { syscall: 'open' });
      return sourceFromBytes(path, files[path]);
    },
  };
}

/** Files that a batch left, of which a later one wants to know whether they are whole. */
async function outputSeeds(): Promise<Seed[]> {
  const page = '<!doctype html>\n<title>a</title>\n<!-- made by a test -->\n';
  const seeds = [
    ...(await written('ply', 'inria-ply', 0)),
    ...(await written('spz', 'spz', 0)),
    ...(await written('glb', 'glb', 0)),
    ...(await written('sog', 'sog', 0)),
    single('meta.json', dataBytes(`${SOG_FOLDER}/meta.json`)),
    single('page.html', new TextEncoder().encode(page)),
  ];
  return seeds.map(({ name, bytes }) => ({
    name,
    bytes,
    read: (damaged) => commentsOfWholeFile(sourceFromBytes(name, damaged)),
  }));
}
