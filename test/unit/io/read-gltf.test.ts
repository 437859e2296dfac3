import { expect, it } from 'vitest';
import { opacityOfLogit } from '../../../renderer/core/drawable.ts';
import { shColour } from '../../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { SH_C0, shRestCount } from '../../../renderer/core/splat-scene.ts';
import { halfTurnAboutX } from '../../../renderer/io/half-turn.ts';
import { loadLibrary, toTable } from '../../../renderer/io/library.ts';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { encodeScene } from '../../../renderer/io/write-scene.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { dataPath } from '../../test-data.ts';
import { randomScene, readData } from './fixtures.ts';
import { glb, packedGlb } from './glb-files.ts';

interface Described {
  readonly [key: string]: unknown;
  nodes: Record<string, unknown>[];
  accessors: Record<string, unknown>[];
  bufferViews: { byteOffset: number; byteLength: number; byteStride?: number }[];
  meshes: { primitives: { attributes: Record<string, number>; extensions: Record<string, unknown> }[] }[];
}

/** A GLB of a scene as the library writes it, with its description changed. */
async function glbOf(scene: SplatScene, change: (gltf: Described) => void = () => undefined): Promise<Uint8Array> {
  const lib = await loadLibrary();
  const files = new lib.MemoryFileSystem();
  await lib.writeGlb({ filename: 'a.glb', dataTable: toTable(lib, scene, lib.Transform.IDENTITY.clone()) }, files);
  const bytes = files.results.get('a.glb');
  if (bytes === undefined) throw new Error('The library wrote nothing.');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const gltf = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length))) as Described;
  change(gltf);
  return glb(gltf, bytes.subarray(20 + length + 8));
}

const read = (bytes: Uint8Array): Promise<SplatScene> => readScene(sourceFromBytes('a.glb', bytes));

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  expect(actual.length).toBe(expected.length);
  const furthest = Array.from(expected, (value, i) => Math.abs(value - actual[i])).reduce((a, b) => Math.max(a, b), 0);
  expect(furthest).toBeLessThan(within);
}

it.each(['cases/khr.glb', 'cases/khr_gltf/scene.gltf', 'cases/khr_gltf'])('opens %s', async (path) => {
  const source = await openFileSource(dataPath(path));
  const scene = await readScene(source).finally(() => source.close());
  const base = halfTurnAboutX(await readData('cases/base.ply'));
  expect(scene.meta).toEqual({ antialiased: false, up: 'y', format: 'gltf', name: expect.any(String) as string });
  expect(scene.positions).toEqual(base.positions);
  for (const name of ['logScales', 'logitOpacities', 'shDc'] as const) expectClose(scene[name], base[name], 1e-4);
  // A PLY of it stands as the scene that it was made of.
  const back = await readScene(sourceFromBytes('a.ply', await encodedBytes(scene, 'inria-ply')));
  expect(back.positions).toEqual((await readData('cases/base.ply')).positions);
  expect(back.meta.up).toBe('-y');
});

it('reads what the library writes, harmonics of degree 3 too', async () => {
  const scene = randomScene(60, 3);
  const back = await read(await glbOf(scene));
  expect(back.shDegree).toBe(3);
  for (const name of ['positions', 'logScales', 'quats', 'logitOpacities', 'shDc', 'shRest'] as const)
    expectClose(back[name], scene[name], 1e-4);
});

it('puts splats where their nodes have them, and turns their colours along', async () => {
  const scene = randomScene(20, 3);
  // A quarter turn about z, twice as large, in a node that is moved.
  const turned = { mesh: 0, rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2], scale: [2, 2, 2] };
  const back = await read(
    await glbOf(scene, (gltf) => (gltf.nodes = [{ translation: [1, 2, 3], children: [1] }, turned])),
  );
  const turn = (x: number, y: number, z: number): [number, number, number] => [-y, x, z];
  const coefficients = 3 + 3 * shRestCount(3);
  const all = (of: SplatScene, row: number): number[] => [
    ...of.shDc.subarray(3 * row, 3 * row + 3),
    ...of.shRest.subarray(row * (coefficients - 3), (row + 1) * (coefficients - 3)),
  ];
  for (let row = 0; row < scene.count; row++) {
    const [x, y, z] = scene.positions.subarray(3 * row, 3 * row + 3);
    const moved = turn(x, y, z).map((value, k) => 2 * value + k + 1);
    expectClose(back.positions.subarray(3 * row, 3 * row + 3), moved, 1e-4);
    expect(back.logScales[3 * row]).toBeCloseTo(scene.logScales[3 * row] + Math.LN2, 4);
    const seen = shColour(3, all(scene, row), 0.3, -0.8, 0.5);
    expectClose(shColour(3, all(back, row), ...turn(0.3, -0.8, 0.5)), seen, 1e-4);
  }
});

it('joins the primitives that several nodes show', async () => {
  const scene = randomScene(10, 1);
  const back = await read(
    await glbOf(scene, (gltf) => {
      gltf.nodes = [{ children: [1, 2] }, { mesh: 0 }, { mesh: 0, translation: [100, 0, 0] }];
    }),
  );
  expect(back.count).toBe(20);
  expectClose(back.positions.subarray(0, 30), scene.positions, 1e-4);
  expect(back.positions[30]).toBeCloseTo(scene.positions[0] + 100, 3);
  expectClose(back.shRest.subarray(90), scene.shRest, 1e-4);
});

it('understands numbers that are fractions of whole ones', async () => {
  const back = await read(
    await glbOf(randomScene(4, 0), (gltf) => {
      const opacity = gltf.meshes[0].primitives[0].attributes['KHR_gaussian_splatting:OPACITY'];
      const colour = gltf.meshes[0].primitives[0].attributes['COLOR_0'];
      // The alpha of the fallback colours is the opacity in 8 bits.
      const { bufferView } = gltf.accessors[colour] as { bufferView: number };
      gltf.bufferViews[bufferView].byteStride = 4;
      Object.assign(gltf.accessors[opacity], {
        bufferView,
        byteOffset: 3,
        componentType: 5121,
        normalized: true,
      });
    }),
  );
  const opacities = randomScene(4, 0).logitOpacities.map(opacityOfLogit);
  expectClose(back.logitOpacities.map(opacityOfLogit), opacities, 1 / 255);
});

it('takes numbers that lie in no buffer for zeros, and says that meshes are left out', async () => {
  const scene = randomScene(4, 1);
  const back = await read(
    await glbOf(scene, (gltf) => {
      const [splats] = gltf.meshes[0].primitives;
      delete gltf.accessors[splats.attributes['KHR_gaussian_splatting:SH_DEGREE_1_COEF_1']]['bufferView'];
      gltf.meshes[0].primitives.push({ attributes: {}, extensions: {} });
    }),
  );
  expectClose(back.shRest.subarray(0, 3), scene.shRest.subarray(0, 3), 1e-6);
  expect(Array.from(back.shRest.subarray(3, 6))).toEqual([0, 0, 0]);
  expect((await encodeScene(back, 'inria-ply')).notes).toEqual([
    'What a.glb holds beside its splats is left out: meshes.',
  ]);
});

it('makes colours of linear light those of screens', async () => {
  const scene = randomScene(20, 1);
  scene.shDc.forEach((_, i) => (scene.shDc[i] = (((i % 9) + 1) / 10 - 0.5) / SH_C0));
  scene.shRest.forEach((value, i) => (scene.shRest[i] = value * 0.01));
  const back = await read(
    await glbOf(scene, (gltf) => {
      gltf.meshes[0].primitives[0].extensions = { KHR_gaussian_splatting: { colorSpace: 'lin_rec709_display' } };
    }),
  );
  // Without the half that is added to what harmonics give.
  const screen = (linear: number): number => 1.055 * (linear + 0.5) ** (1 / 2.4) - 0.055 - 0.5;
  const all = (of: SplatScene, row: number): number[] => [
    ...of.shDc.subarray(3 * row, 3 * row + 3),
    ...of.shRest.subarray(9 * row, 9 * row + 9),
  ];
  for (let row = 0; row < scene.count; row++) {
    const seen = shColour(1, all(scene, row), 0.6, 0, 0.8);
    expectClose(shColour(1, all(back, row), 0.6, 0, 0.8), seen.map(screen), 2e-3);
  }
});

it.each(['2', 'before the base'])('reads splats that lie packed as SPZ in a buffer, draft %s', async (draft) => {
  const { bytes, spz } = await packedGlb(50, draft === '2' ? undefined : 'KHR_spz_gaussian_splats_compression');
  const alone = await readScene(sourceFromBytes('a.spz', spz));
  const back = await read(bytes);
  expect(back.positions).toEqual(alone.positions);
  expect(back.shRest).toEqual(alone.shRest);
  expect(back.meta.format).toBe('gltf');
});

it.each<readonly [string, string, string, (gltf: Described) => void]>([
  [
    'a model without splats',
    'unknown-format',
    'is no splat scene but a glTF model',
    (gltf) => (gltf.meshes[0].primitives[0].extensions = {}),
  ],
  [
    'splats of an early draft',
    'unsupported-feature',
    'an early draft',
    (gltf) => Object.assign(gltf.meshes[0].primitives[0], { attributes: { POSITION: 0, _SCALE: 1, _ROTATION: 2 } }),
  ],
  ['a node that stretches', 'unsupported-feature', 'stretches', (gltf) => (gltf.nodes[0]['scale'] = [1, 2, 1])],
  ['a node that mirrors', 'unsupported-feature', 'mirrors', (gltf) => (gltf.nodes[0]['scale'] = [-1, -1, -1])],
  ['a node within itself', 'invalid-file', 'node 0 is the child', (gltf) => (gltf.nodes[0]['children'] = [0])],
  ['cut numbers', 'truncated-file', 'reaches beyond', (gltf) => (gltf.bufferViews[0].byteLength = 1e6)],
  ['claims of many splats', 'truncated-file', 'are there', (gltf) => (gltf.accessors[0]['count'] = 4e6)],
  ['claims of too many', 'unsupported-feature', 'splats', (gltf) => (gltf.accessors[0]['count'] = 4e9)],
  [
    'an extension nobody knows',
    'unsupported-feature',
    'EXT_new',
    (gltf) => Object.assign(gltf, { extensionsRequired: ['EXT_new'] }),
  ],
  [
    'a buffer in the network',
    'unsupported-feature',
    'lies elsewhere',
    (gltf) => Object.assign(gltf, { buffers: [{ byteLength: 1, uri: 'https://a.example/b.bin' }] }),
  ],
])('refuses %s', async (_, code, words, change) => {
  const bytes = await glbOf(randomScene(5, 0), change);
  await expect(read(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
});
