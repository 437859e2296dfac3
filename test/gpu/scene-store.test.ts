import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { renderToImage } from '../../renderer/gpu/capture.ts';
import type { DrawnScene } from '../../renderer/gpu/gpu-scene.ts';
import { SceneStore } from '../../renderer/gpu/scene-store.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

const camera = lookAt([0.2, -0.3, -2.6], [0, 0, 0], 48, 36);
let gpu: TestDevice;
let renderer: SplatRenderer;
let buffersMade = 0;

beforeAll(async () => {
  gpu = await openTestDevice();
  renderer = new SplatRenderer(gpu.device, { format: 'rgba8unorm' });
  const make = gpu.device.createBuffer.bind(gpu.device);
  gpu.device.createBuffer = (descriptor) => {
    if (descriptor.label === 'splats') buffersMade++;
    return make(descriptor);
  };
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  renderer.destroy();
  gpu.device.destroy();
});

const picture = (scene: DrawnScene): Promise<Uint8ClampedArray> =>
  renderToImage(gpu.device, renderer, scene, camera, [0, 0, 0]);

/** What a scene looks like when nothing else is on the device. */
async function alone(scene: SplatScene): Promise<Uint8ClampedArray> {
  const uploaded = renderer.uploadScene(scene);
  const drawn = await picture(uploaded);
  uploaded.destroy();
  return drawn;
}

test('scenes of one shape take the same buffers, whether their arrays are new, shared or written over', async () => {
  const original = generateScene({ count: 200, shDegree: 1, seed: 51 });
  const store = new SceneStore(gpu.device);
  store.keepOnly([original]);
  store.get(original);
  // As a slider does: its own positions, written over each time, all else of the original.
  const positions = new Float32Array(original.positions);
  let refined: SplatScene = { ...original, positions: positions.subarray() };
  store.keepOnly([original, refined]);
  store.get(refined);
  const made = buffersMade;
  for (let step = 1; step <= 3; step++) {
    for (let i = 0; i < positions.length; i++) positions[i] = original.positions[i] * (1 + 0.1 * step);
    // Even where somebody hands the very same array on.
    refined = { ...original, positions: step === 3 ? refined.positions : positions.subarray() };
    store.keepOnly([original, refined]);
    expect(await picture(store.get(refined))).toEqual(await alone(refined));
  }
  expect(buffersMade - made).toBe(3); // those of `alone`
  expect(await picture(store.get(original))).toEqual(await alone(original));
  store.keepOnly([]);
}, 60_000);

test('a scene of another shape gets buffers of its own, and the old ones go', async () => {
  const first = generateScene({ count: 60, shDegree: 0, seed: 52 });
  const second = generateScene({ count: 61, shDegree: 0, seed: 53 });
  const store = new SceneStore(gpu.device);
  store.keepOnly([first]);
  const uploaded = store.get(first);
  store.keepOnly([second]);
  expect(store.get(second)).not.toBe(uploaded);
  expect(await picture(store.get(second))).toEqual(await alone(second));
  // The first comes back: uploaded anew.
  store.keepOnly([first]);
  expect(await picture(store.get(first))).toEqual(await alone(first));
  store.keepOnly([]);
}, 60_000);

test('a painted scene is painted again for other values only, and goes on over the scene that follows', async () => {
  const original = generateScene({ count: 80, shDegree: 2, seed: 54 });
  const store = new SceneStore(gpu.device);
  store.keepOnly([original]);
  const mapValues = Float32Array.from({ length: 80 }, (_, i) => i / 80);
  const overlay = store.painted(original, mapValues, 'viridis');
  const viridis = await picture(overlay);
  mapValues.fill(0);
  expect(await picture(store.painted(original, mapValues, 'viridis'))).toEqual(viridis);
  expect(await picture(store.painted(original, mapValues.slice(), 'viridis'))).not.toEqual(viridis);
  expect(await picture(store.painted(original, mapValues, 'inferno'))).not.toEqual(viridis);
  const moved = { ...original, positions: original.positions.map((x) => 0.5 * x) };
  store.keepOnly([moved]);
  expect(store.painted(moved, mapValues, 'inferno')).toBe(overlay);
  store.keepOnly([]);
  store.keepOnly([original]);
  expect(store.painted(original, mapValues, 'inferno')).not.toBe(overlay);
  store.keepOnly([]);
}, 60_000);

test('a scene that was dropped, and scratch that was given back, are made again when they are drawn', async () => {
  const scene = generateScene({ count: 70, shDegree: 1, seed: 55 });
  const store = new SceneStore(gpu.device);
  store.keepOnly([scene]);
  const before = await picture(store.get(scene));
  const overlay = store.painted(scene, new Float32Array(70), 'viridis');
  store.drop(scene);
  renderer.releaseScratch();
  expect(store.has(scene)).toBe(false);
  expect(await picture(store.get(scene))).toEqual(before);
  expect(store.has(scene)).toBe(true);
  expect(store.painted(scene, new Float32Array(70), 'viridis')).not.toBe(overlay);
  store.keepOnly([]);
}, 60_000);
