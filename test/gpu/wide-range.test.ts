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
const renderer = new SplatRenderer(gpu.device, { format: 'rgba32float' });

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  renderer.destroy();
  gpu.device.destroy();
});

test.each(wideRangeCases())(
  'a scene whose numbers range far agrees with the twin: $name',
  async ({ name, scene, camera }) => {
    const uploaded = renderer.uploadScene(scene);
    const drawn = await renderToFloats(gpu.device, renderer, uploaded, camera, { background: BLACK });
    uploaded.destroy();
    const decibels = psnr(drawn, renderReference(scene, camera, BLACK, { transmittanceStop: 0 }));
    process.stdout.write(`${name}: ${decibels.toFixed(1)} dB\n`);
    expect(decibels).toBeGreaterThan(LEAST_DB);
    // The scene is in the picture.
    expect(drawn.filter((x, i) => i % 4 === 3 && x > 0.05).length).toBeGreaterThan(0.05 * camera.width * camera.height);
  },
  60_000,
);
