import { afterAll, expect, test, vi } from 'vitest';
import type { PartedFrame } from '../../renderer/gpu/render-target.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from './device.ts';
import { readTexture } from './read-texture.ts';
import { generateScene, lookAt } from './scenes.ts';

const gpu = await openTestDevice();
const { device } = gpu;
afterAll(() => expect(gpu.errors).toEqual([]));

const [WIDTH, HEIGHT] = [64, 48];
const camera = { ...lookAt([0, 0, -2], [0, 0, 0], WIDTH, HEIGHT), near: 0.1 };
const options = { background: [0.2, 0.1, 0] } as const;
const renderer = new SplatRenderer(device, { format: 'rgba32float' });
// Many lie beside the picture, so that the last parts have nothing to draw.
const scene = renderer.uploadScene(generateScene({ count: 5000, shDegree: 1, seed: 9, radius: 3 }));
const texture = device.createTexture({
  size: [WIDTH, HEIGHT],
  format: 'rgba32float',
  usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
});
const finish: PartedFrame['finish'] = () => ({
  target: { view: texture.createView(), width: WIDTH, height: HEIGHT },
  options,
});

test('a picture in parts is the picture at once', async () => {
  const goesOn = vi.fn(() => true);
  expect(await renderer.renderInParts(scene, camera, { splats: 640, goesOn, finish })).toBe(true);
  expect(goesOn).toHaveBeenCalledTimes(8);
  expect(await readTexture(device, texture)).toEqual(await renderToFloats(device, renderer, scene, camera, options));
});

test('a picture that nobody wants any more ends between two parts and shows nothing', async () => {
  const shown = vi.fn(finish);
  const goesOn = vi.fn().mockReturnValueOnce(true).mockReturnValue(false);
  expect(await renderer.renderInParts(scene, camera, { splats: 640, goesOn, finish: shown })).toBe(false);
  expect(goesOn).toHaveBeenCalledTimes(2);
  expect(shown).not.toHaveBeenCalled();
});
