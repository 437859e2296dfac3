import { afterAll, beforeAll, expect, test } from 'vitest';
import { Studio, partsOf, type StudioPicture } from '../../renderer/app/view/studio.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { renderCompareToImage, renderToImage } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

let gpu: TestDevice;
let studio: Studio;
// Near enough that splats at the edges of the picture meet the slope limits, which depend on the whole picture's size.
const camera = lookAt([0.2, -0.3, -1.4], [0, 0, 0], 97, 61, 70);
const before = generateScene({ count: 300, shDegree: 1, seed: 51 });
const after = generateScene({ count: 400, shDegree: 3, seed: 52, antialiased: true });

beforeAll(async () => {
  gpu = await openTestDevice();
  studio = new Studio(gpu.device);
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  studio.close();
  gpu.device.destroy();
});

/** Draws a picture from parts of `side` pixels. */
async function joined(
  side: number,
  draw: (camera: CameraParameters) => Promise<Uint8ClampedArray>,
): Promise<Uint8ClampedArray> {
  const whole = new Uint8ClampedArray(camera.width * camera.height * 4);
  for (const part of partsOf(camera.width, camera.height, side)) {
    const pixels = await draw({ ...camera, part });
    for (let y = 0; y < part.height; y++)
      whole.set(
        pixels.subarray(y * part.width * 4, (y + 1) * part.width * 4),
        ((part.y + y) * camera.width + part.x) * 4,
      );
  }
  return whole;
}

const largestDifference = (a: Uint8ClampedArray, b: Uint8ClampedArray): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);

test('parts cover a picture once', () => {
  const covered = new Uint8Array(97 * 61);
  for (const { x, y, width, height } of partsOf(97, 61, 40)) {
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++) covered[row * 97 + column]++;
  }
  expect(covered.every((times) => times === 1)).toBe(true);
  expect(partsOf(40, 40, 40)).toEqual([{ x: 0, y: 0, width: 40, height: 40 }]);
});

test('a picture drawn in parts is the picture drawn whole', async () => {
  const renderer = new SplatRenderer(gpu.device, { format: 'rgba8unorm' });
  const scenes = { before: renderer.uploadScene(before), after: renderer.uploadScene(after) };
  const alone = (of: CameraParameters): Promise<Uint8ClampedArray> =>
    renderToImage(gpu.device, renderer, scenes.after, of, [0.1, 0.2, 0.3]);
  expect(largestDifference(await joined(40, alone), await alone(camera))).toBeLessThanOrEqual(1);
  for (const direction of ['vertical', 'horizontal'] as const) {
    const view = { mode: 'split', direction, position: 0.53, divider: { widthPixels: 3, colour: [1, 1, 1] } } as const;
    const split = (of: CameraParameters): Promise<Uint8ClampedArray> =>
      renderCompareToImage(gpu.device, renderer, scenes, of, view, [0.1, 0.2, 0.3]);
    expect(largestDifference(await joined(40, split), await split(camera))).toBeLessThanOrEqual(1);
  }
  const beside = { mode: 'sideBySide', direction: 'vertical' } as const;
  expect(() =>
    renderCompareToImage(
      gpu.device,
      renderer,
      scenes,
      { ...camera, part: { x: 0, y: 0, width: 9, height: 9 } },
      beside,
      null,
    ),
  ).toThrow(/side-by-side/i);
  scenes.before.destroy();
  scenes.after.destroy();
  renderer.destroy();
}, 90_000);

test('a picture may be wider than any texture; it tells progress, can be cancelled, and has a limit', async () => {
  const largest = gpu.device.limits.maxTextureDimension2D;
  const wide: CameraParameters = { ...camera, width: largest + 101, height: 9, cx: largest - 20, cy: 4.5 };
  const picture: StudioPicture = { kind: 'scene', scene: before };
  const fractions: number[] = [];
  const pixels = await studio.photograph(picture, wide, [0, 0, 0], {
    onProgress: ({ fraction }) => fractions.push(fraction),
  });
  expect(pixels.length).toBe(wide.width * 9 * 4);
  expect(fractions.length).toBeGreaterThan(1);
  // Around the principal point it is what a small picture of the same lens shows; thousands of pixels from the corner
  // places are rounded more coarsely, so a splat's edge may fall on the other side of a pixel.
  const small = await studio.photograph(picture, { ...wide, width: 60, cx: 30 }, [0, 0, 0]);
  const offset = largest - 20 - 30;
  let different = 0;
  for (let y = 0; y < 9; y++) {
    for (let x = 0; x < 60; x++)
      if (Math.abs(pixels[(y * wide.width + offset + x) * 4] - small[(y * 60 + x) * 4]) > 1) different++;
  }
  expect(different).toBeLessThan(5);
  expect(small.some((value, i) => i % 4 !== 3 && value > 60)).toBe(true);

  const controller = new AbortController();
  await expect(
    studio.photograph(picture, wide, [0, 0, 0], { signal: controller.signal, onProgress: () => controller.abort() }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  await expect(studio.photograph(picture, { ...wide, width: 2 ** 20, height: 2 ** 20 }, null)).rejects.toMatchObject({
    code: 'usage',
    message: /1048576 x 1048576/,
  });
}, 120_000);
