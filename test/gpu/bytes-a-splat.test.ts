import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderToImage } from '../../renderer/gpu/capture.ts';
import { sceneBytesOnGpu } from '../../renderer/gpu/gpu-scene.ts';
import { FRAME_BYTES_A_SPLAT } from '../../renderer/gpu/scratch.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

/** Splats of two tiles of the sort, and of four. */
const [FEW, MANY] = [8192, 16384];
const camera = lookAt([0, 0, -3], [0, 0, 0], 8, 8);
let gpu: TestDevice;
let renderer: SplatRenderer;
let bytesMade = 0;

beforeAll(async () => {
  gpu = await openTestDevice();
  renderer = new SplatRenderer(gpu.device, { format: 'rgba8unorm' });
  const make = gpu.device.createBuffer.bind(gpu.device);
  gpu.device.createBuffer = (descriptor) => {
    bytesMade += descriptor.size;
    return make(descriptor);
  };
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  renderer.destroy();
  gpu.device.destroy();
});

/** Bytes of all buffers that are made to draw a scene. */
async function bytesFor(count: number, shDegree: 0 | 1 | 2 | 3): Promise<number> {
  renderer.releaseScratch();
  bytesMade = 0;
  const uploaded = renderer.uploadScene(generateScene({ count, shDegree, seed: 1 }));
  await renderToImage(gpu.device, renderer, uploaded, camera, [0, 0, 0]);
  uploaded.destroy();
  return bytesMade;
}

test.each([
  [0, 68.25],
  [1, 84.25],
  [2, 100.25],
  [3, 116.25],
] as const)('a splat of SH degree %i takes %d bytes on the device, in scene and frame', async (degree, bytes) => {
  const [few, many] = [await bytesFor(FEW, degree), await bytesFor(MANY, degree)];
  expect((many - few) / (MANY - FEW)).toBe(bytes);
  expect(sceneBytesOnGpu(1, degree) + FRAME_BYTES_A_SPLAT).toBe(bytes);
});
