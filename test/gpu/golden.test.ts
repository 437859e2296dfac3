import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderToImage } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { GOLDEN_CASES, goldenPath } from '../golden/cases.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { readPicture } from './png.ts';

let gpu: TestDevice;
let renderer: SplatRenderer;

beforeAll(async () => {
  gpu = await openTestDevice();
  renderer = new SplatRenderer(gpu.device, { format: 'bgra8unorm' });
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  renderer.destroy();
  gpu.device.destroy();
});

test.each(GOLDEN_CASES)(
  'the device draws $name, no byte off by more than 1',
  async ({ name, scene, camera, background }) => {
    const uploaded = renderer.uploadScene(scene());
    const drawn = await renderToImage(gpu.device, renderer, uploaded, camera, background);
    uploaded.destroy();
    const { picture } = readPicture(goldenPath(name));
    let largest = 0;
    for (let i = 0; i < picture.length; i++)
      largest = Math.max(largest, Math.abs(drawn[Math.floor(i / 3) * 4 + (i % 3)] - picture[i] * 255));
    expect(largest).toBeLessThan(1.01);
  },
  60_000,
);
