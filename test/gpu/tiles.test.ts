import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { coloursOf, psnr } from './psnr.ts';
import { readTexture } from './read-texture.ts';
import { generateScene, lookAt } from './scenes.ts';

/** Both blend in full floats, so no more than rounding and the end at opaque pixels parts them. */
const LEAST_DB = 75;
const options = { background: [0.2, 0.1, 0] } as const;

let gpu: TestDevice;
let quads: SplatRenderer;
let tiles: SplatRenderer;

beforeAll(async () => {
  gpu = await openTestDevice();
  quads = new SplatRenderer(gpu.device, { format: 'rgba32float', blending: 'quads', accumulation: 'rgba32float' });
  tiles = new SplatRenderer(gpu.device, { format: 'rgba32float', blending: 'tiles' });
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  quads.destroy();
  tiles.destroy();
  gpu.device.destroy();
});

/** How far the picture with tiles agrees with that of quads, in dB. */
async function agreement(scene: SplatScene, camera: CameraParameters): Promise<number> {
  const uploaded = quads.uploadScene(scene);
  const wanted = await renderToFloats(gpu.device, quads, uploaded, camera, options);
  const drawn = await renderToFloats(gpu.device, tiles, uploaded, camera, options);
  uploaded.destroy();
  return psnr(drawn, coloursOf(wanted));
}

function enlarged(scene: SplatScene, shift: number, logitOpacity: number): SplatScene {
  for (let i = 0; i < scene.logScales.length; i++) scene.logScales[i] += shift;
  scene.logitOpacities.fill(logitOpacity);
  return scene;
}

const camera = (width: number, height: number): CameraParameters => ({
  ...lookAt([0.4, -0.3, -2.4], [0, 0, 0], width, height),
  near: 0.01,
});

describe('pictures with tiles are those with quads', () => {
  test('of more splats than a round takes, at a size that no tile divides', async () => {
    const scene = enlarged(generateScene({ count: 70_000, shDegree: 0, seed: 1 }), -1.5, -3);
    expect(await agreement(scene, camera(203, 117))).toBeGreaterThan(LEAST_DB);
  }, 60_000);

  test('of splats larger than the picture, which stand in the lists of blocks', async () => {
    const scene = enlarged(generateScene({ count: 600, shDegree: 0, seed: 2 }), 2, -4);
    expect(await agreement(scene, camera(300, 200))).toBeGreaterThan(LEAST_DB);
  }, 60_000);

  test('of opaque splats, of which the nearest alone are seen', async () => {
    const scene = enlarged(generateScene({ count: 40_000, shDegree: 0, seed: 3 }), 0, 6);
    expect(await agreement(scene, camera(160, 90))).toBeGreaterThan(LEAST_DB);
  }, 60_000);

  test.each([
    [1, 1],
    [8, 8],
    [9, 7],
    [129, 3],
  ])('at %i x %i', async (width, height) => {
    const scene = generateScene({ count: 300, shDegree: 0, seed: 4 });
    expect(await agreement(scene, camera(width, height))).toBeGreaterThan(LEAST_DB);
  });
});

test('a picture of one size does not show in that of the next, nor one scene in another', async () => {
  const first = quads.uploadScene(generateScene({ count: 800, shDegree: 0, seed: 5 }));
  const second = quads.uploadScene(generateScene({ count: 50, shDegree: 0, seed: 6, radius: 0.2 }));
  const draw = (scene: typeof first, width: number): Promise<Float32Array> =>
    renderToFloats(gpu.device, tiles, scene, camera(width, 60), options);
  const alone = await draw(second, 100);
  await draw(first, 100);
  await draw(first, 90);
  expect(await draw(second, 100)).toEqual(alone);
  first.destroy();
  second.destroy();
});

test('parts that rounds do not divide give the picture at once', async () => {
  const scene = quads.uploadScene(enlarged(generateScene({ count: 70_000, shDegree: 0, seed: 7 }), -1.5, -3));
  const seen = camera(96, 64);
  const size = [seen.width, seen.height];
  const texture = gpu.device.createTexture({
    size,
    format: 'rgba32float',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const target = { view: texture.createView(), width: seen.width, height: seen.height };
  const finish = () => ({ target, options });
  expect(await tiles.renderInParts(scene, seen, { splats: 40_000, goesOn: () => true, finish })).toBe(true);
  const inParts = await readTexture(gpu.device, texture);
  const wanted = await renderToFloats(gpu.device, tiles, scene, seen, options);
  expect(psnr(inParts, coloursOf(wanted))).toBeGreaterThan(LEAST_DB);
  scene.destroy();
}, 60_000);

test('pictures that differ by a tile, as the halves of a comparison may, make no buffers anew', async () => {
  const { device } = gpu;
  const scene = quads.uploadScene(generateScene({ count: 50, shDegree: 0, seed: 8 }));
  const targets = [320, 321].map((width) => {
    const usage = GPUTextureUsage.RENDER_ATTACHMENT;
    const texture = device.createTexture({ size: [width, 60], format: 'rgba32float', usage });
    return { view: texture.createView(), width, height: 60 };
  });
  const draw = (): void => {
    for (const target of targets) tiles.render(target, scene, camera(target.width, 60), options);
  };
  draw();
  const made = vi.spyOn(device, 'createBuffer');
  draw();
  await device.queue.onSubmittedWorkDone();
  expect(made).not.toHaveBeenCalled();
  made.mockRestore();
  scene.destroy();
});
