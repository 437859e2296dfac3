import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderToImage } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { GOLDEN_CASES, goldenPath } from '../golden/cases.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { readPicture } from './png.ts';

let gpu: TestDevice;
let renderers: SplatRenderer[];

beforeAll(async () => {
  gpu = await openTestDevice();
  renderers = (['quads', 'tiles'] as const).map(
    (blending) => new SplatRenderer(gpu.device, { format: 'bgra8unorm', blending }),
  );
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  for (const renderer of renderers) renderer.destroy();
  gpu.device.destroy();
});

test.each(GOLDEN_CASES)(
  'the device draws $name with quads and tiles, no byte off by more than 1',
  async ({ name, scene, camera, background }) => {
    const uploaded = renderers[0].uploadScene(scene());
    const { picture } = readPicture(goldenPath(name));
    for (const renderer of renderers) {
      const drawn = await renderToImage(gpu.device, renderer, uploaded, camera, background);
      let largest = 0;
      for (let i = 0; i < picture.length; i++)
        largest = Math.max(largest, Math.abs(drawn[Math.floor(i / 3) * 4 + (i % 3)] - picture[i] * 255));
      expect(largest).toBeLessThan(1.01);
    }
    uploaded.destroy();
  },
  60_000,
);
