import { afterAll, expect, test } from 'vitest';
import { renderReference } from '../../renderer/core/reference-render.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from './device.ts';
import { psnr } from './psnr.ts';
import { wideRangeCases } from './wide-range.ts';

/** The product promises 45; blending in half floats alone stays above 60. */
const LEAST_DB = 54;
const BLACK = [0, 0, 0] as const;

const gpu = await openTestDevice();
const renderers = (['quads', 'tiles'] as const).map(
  (blending) => new SplatRenderer(gpu.device, { format: 'rgba32float', blending }),
);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  for (const renderer of renderers) renderer.destroy();
  gpu.device.destroy();
});

test.each(wideRangeCases())(
  'a scene whose numbers range far agrees with the twin: $name',
  async ({ name, scene, camera }) => {
    const uploaded = renderers[0].uploadScene(scene);
    const equations = renderReference(scene, camera, BLACK, { transmittanceStop: 0 });
    const figures: string[] = [];
    for (const renderer of renderers) {
      const drawn = await renderToFloats(gpu.device, renderer, uploaded, camera, { background: BLACK });
      const decibels = psnr(drawn, equations);
      figures.push(decibels.toFixed(1));
      expect(decibels).toBeGreaterThan(LEAST_DB);
      // The scene is in the picture.
      const pixels = drawn.filter((x, i) => i % 4 === 3 && x > 0.05).length;
      expect(pixels).toBeGreaterThan(0.05 * camera.width * camera.height);
    }
    uploaded.destroy();
    process.stdout.write(`${name}: ${figures.join(', ')} dB with quads, with tiles\n`);
  },
  60_000,
);
