import { gzipSync } from 'node:zlib';
import type { ShDegree } from '../../../renderer/core/splat-scene.ts';
import { assertSceneShape } from '../../../renderer/core/splat-scene.ts';
import type { SceneSource } from '../../../renderer/io/source.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { commentsOfWholeFile } from '../../../renderer/io/whole-file.ts';
import type { WritableFormatId } from '../../../renderer/io/write-scene.ts';
import { encodedBytes, encodeWhole } from '../../encoded-bytes.ts';
import { dataBytes } from '../../test-data.ts';
import { randomScene, withVersion1Positions } from '../../unit/io/fixtures.ts';
import { packedGlb } from '../../unit/io/glb-files.ts';
import { lccEnvironmentOf, lccOf } from '../../unit/io/lcc-files.ts';
import { withDegree4 } from '../../unit/io/spz-files.ts';
import { unzipped, zipped } from '../archive.ts';
import { joined } from '../mutate-bytes.ts';
import type { Seed, Target } from '../target.ts';

const LOD_FOLDER = 'cases/lod_sky';

/** Readers of scenes, one target a format. */
export const SCENE_TARGETS: readonly Target[] = [
  { name: 'ply', inputsInTests: 200, seeds: plySeeds },
  { name: 'ply-text', inputsInTests: 200, seeds: () => [single('text.ply', textPly())] },
  { name: 'compressed-ply', inputsInTests: 60, seeds: () => written('compressed.ply', 'compressed-ply', 0, 1, 3) },
  { name: 'splat', inputsInTests: 60, seeds: () => [minimal('minimal.splat')] },
  { name: 'ksplat', inputsInTests: 100, seeds: () => [minimal('minimal.ksplat')] },
  { name: 'spz', inputsInTests: 100, seeds: spzSeeds },
  { name: 'spz-4', inputsInTests: 100, seeds: spz4Seeds },
  { name: 'gltf', inputsInTests: 100, seeds: gltfSeeds },
  { name: 'sog', inputsInTests: 10, seeds: bundleSeeds },
  { name: 'sog-folder', inputsInTests: 10, seeds: sogFolderSeeds },
  { name: 'sog-levels', inputsInTests: 10, seeds: levelSeeds },
  { name: 'lcc', inputsInTests: 100, seeds: lccSeeds },
  { name: 'lcc2', inputsInTests: 20, seeds: lcc2Seeds },
];

/** What looks at the end of a file that a batch left; a page cut short is one without a comment. */
export const OUTPUT_TARGETS: readonly Target[] = [{ name: 'finished-output', inputsInTests: 100, seeds: outputSeeds }];

type Files = Readonly<Record<string, Uint8Array>>;

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

function spz4Seeds(): Seed[] {
  const base = dataBytes('scenes/minimal/minimal-v4.spz');
  const harmonics = Uint8Array.from({ length: 4 * 72 }, (_, i) => (37 * i) % 256);
  return [minimal('minimal-v4.spz'), single('degree-4.spz', withDegree4(base, harmonics))];
}

async function gltfSeeds(): Promise<Seed[]> {
  const scene = randomScene(5, 1);
  const { bytes, beside: others = [] } = await encodeWhole(scene, 'gltf', { stem: 'scene' });
  const files: Files = Object.fromEntries(others.map((other) => [other.path, other.bytes]));
  const text = new TextDecoder().decode(bytes);
  const within = others.reduce((json, { path, bytes: binary }) => json.replace(path, dataUri(binary)), text);
  return [
    single('khr.glb', dataBytes('cases/khr.glb')),
    ...(await written('glb', 'glb', 0, 3)),
    single('packed.glb', (await packedGlb(5)).bytes),
    single('packed-early.glb', (await packedGlb(5, 'KHR_spz_gaussian_splats_compression')).bytes),
    single('within.gltf', new TextEncoder().encode(within)),
    ...folderSeeds({ 'scene.gltf': bytes, ...files }, 'scene.gltf'),
  ];
}

function dataUri(bytes: Uint8Array): string {
  return `data:;base64,${Buffer.from(bytes).toString('base64')}`;
}

async function bundleSeeds(): Promise<Seed[]> {
  const [plain, stored] = [await smallBundle(0), await smallBundle(3)];
  const deflated = zipped((unzipped(stored) ?? []).map((entry) => ({ ...entry, isDeflated: true })));
  return [single('plain.sog', plain), single('stored.sog', stored), single('deflated.sog', deflated)];
}

/** Pictures of a few splats: a real scene's are decoded in ten times the time, and no other code. */
function smallBundle(degree: ShDegree): Promise<Uint8Array> {
  return encodedBytes(randomScene(30, degree), 'sog');
}

async function sogFolderSeeds(): Promise<Seed[]> {
  const entries = unzipped(await smallBundle(3)) ?? [];
  return folderSeeds(Object.fromEntries(entries.map(({ name, bytes }) => [name, bytes])), 'meta.json');
}

/** Each file of a folder damaged while the others are sound. */
function folderSeeds(files: Files, manifest: string): Seed[] {
  return Object.keys(files).map((name) => ({
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
  const names = ['lod-meta.json', ...inFolders];
  return folderSeeds(Object.fromEntries(names.map((name) => [name, dataBytes(`${LOD_FOLDER}/${name}`)])), names[0]);
}

/** Two units of two levels, of which one has coarse splats alone; with harmonics and without. */
function lccSeeds(): Seed[] {
  const units = [
    [[0, 1, 2], [3]],
    [[], [4, 5]],
  ];
  const scene = randomScene(6, 3);
  const whole = (fileType: string): Files => ({
    ...lccOf(scene, units, fileType),
    'environment.bin': lccEnvironmentOf(scene, fileType),
  });
  const portable = folderSeeds(whole('Portable'), 'a.lcc').filter(({ name }) => name !== 'shcoef.bin');
  return [...folderSeeds(whole('Quality'), 'a.lcc'), ...portable.map((seed) => ({ ...seed, name: `p-${seed.name}` }))];
}

async function lcc2Seeds(): Promise<Seed[]> {
  const parts = [await encodedBytes(randomScene(4, 0), 'spz'), await encodedBytes(randomScene(4, 1), 'spz')];
  const files = Object.fromEntries(parts.map((bytes, at) => [`3dgs/${at}.spz`, bytes]));
  const leaf = (name: number, child: readonly object[] = []) => ({ data: { '3dgs': { name } }, child });
  const root = { splatFiles: Object.keys(files), data: { env: { name: 1 } }, child: [leaf(1, [leaf(0)])] };
  const description = new TextEncoder().encode(JSON.stringify({ splatType: '.spz', root }));
  return folderSeeds({ 'meta.lcc2': description, ...files }, 'meta.lcc2');
}

function beside(name: string, bytes: Uint8Array, files: Files): SceneSource {
  return {
    ...sourceFromBytes(name, bytes),
    hasSibling: (path) => Promise.resolve(Object.hasOwn(files, path)),
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
    single('meta.json', dataBytes('scenes/playbot/6_0/meta.json')),
    single('page.html', new TextEncoder().encode(page)),
  ];
  return seeds.map(({ name, bytes }) => ({
    name,
    bytes,
    read: (damaged) => commentsOfWholeFile(sourceFromBytes(name, damaged)),
  }));
}
