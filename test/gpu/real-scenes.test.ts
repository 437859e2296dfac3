import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReference } from '../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { writePicture } from './png.ts';
import { dataPath } from '../test-data.ts';
import { psnr } from './psnr.ts';
import { lookAt } from './scenes.ts';

/** Five below the least of these, and far above the 45 that the product promises. */
const LEAST_DB = 62;

/** Files, the direction to look from (in median distances from the scene's median), picture size. */
const CASES = [
  { file: 'plant.splat', from: [0.6, -0.8, -2.2], size: [161, 107] },
  { file: 'biker.spz', from: [1.5, 0.8, 2], size: [121, 131] },
  { file: '3dgs_sr_demo.ply', from: [1.2, -2.5, 1], size: [143, 99] },
  { file: 'playbot/5_0/meta.json', from: [1, 0.7, 2.5], size: [97, 113] },
] as const;

async function load(file: string): Promise<SplatScene> {
  const source = await openFileSource(dataPath(`scenes/${file}`));
  try {
    return await readScene(source);
  } finally {
    await source.close();
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function cameraFor(
  scene: SplatScene,
  from: readonly number[],
  width: number,
  height: number,
): ReturnType<typeof lookAt> {
  const axis = (k: number): number[] => Array.from({ length: scene.count }, (_, i) => scene.positions[i * 3 + k]);
  const centre = [median(axis(0)), median(axis(1)), median(axis(2))] as const;
  const distance = median(
    Array.from({ length: scene.count }, (_, i) => Math.hypot(...centre.map((c, k) => scene.positions[i * 3 + k] - c))),
  );
  const position = [0, 1, 2].map((k) => centre[k] + from[k] * distance) as [number, number, number];
  return lookAt(position, centre, width, height);
}

describe('real scenes', () => {
  let gpu: TestDevice;
  let renderers: SplatRenderer[];

  beforeAll(async () => {
    gpu = await openTestDevice();
    renderers = (['quads', 'tiles'] as const).map(
      (blending) => new SplatRenderer(gpu.device, { format: 'rgba32float', blending }),
    );
  }, 90_000);

  afterAll(() => {
    expect(gpu.errors).toEqual([]);
    for (const renderer of renderers) renderer.destroy();
    gpu.device.destroy();
  });

  test.each(CASES)(
    '$file agrees with the twin',
    async ({ file, from, size: [width, height] }) => {
      const scene = await load(file);
      const camera = cameraFor(scene, from, width, height);
      const background = [0.1, 0.1, 0.2] as const;
      const expected = renderReference(scene, camera, background);
      const uploaded = renderers[0].uploadScene(scene);
      const figures: string[] = [];
      for (const renderer of renderers) {
        const drawn = await renderToFloats(gpu.device, renderer, uploaded, camera, { background });
        const decibels = psnr(drawn, expected);
        figures.push(decibels.toFixed(1));
        expect(decibels).toBeGreaterThan(LEAST_DB);
        // The scene is in the picture: not the background alone.
        const shown = drawn.filter((x, i) => i % 4 === 0 && Math.abs(x - background[0]) > 0.05).length;
        expect(shown).toBeGreaterThan(width * height * 0.1);
        if (process.env['SPLAT_PICTURES'] !== undefined)
          writePicture(join(process.env['SPLAT_PICTURES'], `${file.replaceAll('/', '-')}.png`), drawn, width, height);
      }
      uploaded.destroy();
      process.stdout.write(
        `${file}: ${scene.count} splats, degree ${scene.shDegree}, ${figures.join(', ')} dB with quads, with tiles\n`,
      );
    },
    180_000,
  );
});
