import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderToFloats, renderToImage } from '../../renderer/gpu/capture.ts';
import type { GpuScene } from '../../renderer/gpu/gpu-scene.ts';
import { LineSet } from '../../renderer/gpu/passes/lines.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { createScene } from '../../renderer/core/splat-scene.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

let gpu: TestDevice;
let renderer: SplatRenderer;
let scene: GpuScene;
const camera = lookAt([0, 0, -3], [0, 0, 0], 50, 35);

beforeAll(async () => {
  gpu = await openTestDevice();
  renderer = new SplatRenderer(gpu.device, { format: 'rgba8unorm' });
  const source = generateScene({ count: 120, shDegree: 1, seed: 31 });
  // Colours of 0..1 wherever one looks from: the 8-bit pictures below cut nothing off.
  source.shRest.fill(0);
  source.shDc.forEach((x, i) => (source.shDc[i] = 0.9 * x));
  scene = renderer.uploadScene(source);
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  scene.destroy();
  renderer.destroy();
  gpu.device.destroy();
});

test('a transparent picture over a colour is the opaque picture on that colour', async () => {
  const opaque = await renderToImage(gpu.device, renderer, scene, camera, [0, 1, 0]);
  const clear = await renderToImage(gpu.device, renderer, scene, camera, null);
  expect(clear.length).toBe(50 * 35 * 4);
  let largest = 0;
  for (let i = 0; i < clear.length; i += 4) {
    const alpha = clear[i + 3] / 255;
    expect(opaque[i + 3]).toBe(255);
    for (let k = 0; k < 3; k++)
      largest = Math.max(largest, Math.abs(clear[i + k] * alpha + (k === 1 ? 255 : 0) * (1 - alpha) - opaque[i + k]));
  }
  expect(largest).toBeLessThan(2.5);
  expect(clear.some((x, i) => i % 4 === 3 && x === 0)).toBe(true);
  expect(clear.some((x, i) => i % 4 === 3 && x > 200)).toBe(true);
}, 60_000);

test('the same scene at one size after another, and no scene at all', async () => {
  const first = await renderToImage(gpu.device, renderer, scene, camera, [0, 0, 0]);
  const small = await renderToImage(gpu.device, renderer, scene, lookAt([0, 0, -3], [0, 0, 0], 7, 5), [0, 0, 0]);
  expect(small.length).toBe(7 * 5 * 4);
  const empty = await renderToImage(gpu.device, renderer, null, camera, [1, 0.5, 0]);
  expect([...empty.subarray(0, 4)]).toEqual([255, 128, 0, 255]);
  expect(await renderToImage(gpu.device, renderer, scene, camera, [0, 0, 0])).toEqual(first);
}, 60_000);

test('a camera made for another size is scaled to the target', async () => {
  const { device } = gpu;
  const doubled = { ...camera, width: 100, height: 70, fx: camera.fx * 2, fy: camera.fy * 2, cx: 50, cy: 35 };
  const texture = device.createTexture({
    size: [50, 35],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  renderer.render({ view: texture.createView(), width: 50, height: 35 }, scene, doubled, { background: [0, 0, 0] });
  const buffer = device.createBuffer({ size: 256 * 35, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow: 256 }, [50, 35]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(GPUMapMode.READ);
  const rows = new Uint8Array(buffer.getMappedRange());
  const expected = await renderToImage(device, renderer, scene, camera, [0, 0, 0]);
  for (let y = 0; y < 35; y++)
    expect([...rows.subarray(y * 256, y * 256 + 200)]).toEqual([...expected.subarray(y * 200, y * 200 + 200)]);
  buffer.destroy();
  texture.destroy();
}, 60_000);

test('lines are drawn where the camera sees them, cut at the near plane', async () => {
  const through = lookAt([0, 0, -2], [0, 0, 0], 40, 30);
  const lines = new LineSet(
    gpu.device,
    // Across the middle; and one that passes behind the camera, leaving the picture downwards.
    new Float32Array([-0.5, 0, 0, 0.5, 0, 0, 0, 0.4, 3, 0, 0.4, -6]),
    new Float32Array([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0]),
    { widthPixels: 2 },
  );
  const drawn = await renderToImage(gpu.device, renderer, null, through, [0, 0, 0], { lines: [lines] });
  const at = (x: number, y: number): number[] => [...drawn.subarray((y * 40 + x) * 4, (y * 40 + x) * 4 + 3)];
  expect(at(18, 14)).toEqual([255, 0, 0]);
  expect(at(18, 15)).toEqual([255, 0, 0]);
  expect(at(18, 12)).toEqual([0, 0, 0]);
  expect(at(2, 14)).toEqual([0, 0, 0]);
  expect(at(19, 29)).toEqual([0, 255, 0]);
  expect(at(20, 24)).toEqual([0, 255, 0]);
  expect(at(20, 5)).toEqual([0, 0, 0]);
  lines.destroy();
  expect(() => new LineSet(gpu.device, new Float32Array(5), new Float32Array(5))).toThrow(/six position/);
}, 60_000);

test('lines beneath are hidden by the splats before them, and stand on the same background', async () => {
  const through = lookAt([0, 0, -2], [0, 0, 0], 40, 30);
  const lines = new LineSet(gpu.device, new Float32Array([-9, 0, 0, 9, 0, 0]), new Float32Array([1, 0, 0, 1, 0, 0]), {
    widthPixels: 2,
  });
  const one = createScene(1, 0, { antialiased: false, up: 'y', format: 'test', name: 'one' });
  one.logScales.fill(Math.log(0.15));
  one.quats.set([1, 0, 0, 0]);
  one.logitOpacities.fill(8);
  one.shDc.set([-2, -2, 1.7]);
  const uploaded = renderer.uploadScene(one);
  const background = [0.2, 0.4, 0.6] as const;
  const rowOf = async (drawn: GpuScene | null, options: Parameters<typeof renderToImage>[5]): Promise<number[][]> => {
    const image = await renderToImage(gpu.device, renderer, drawn, through, background, options);
    return Array.from({ length: 40 }, (_, x) => [...image.subarray((14 * 40 + x) * 4, (14 * 40 + x) * 4 + 4)]);
  };
  const red = [255, 0, 0, 255];
  expect(await rowOf(uploaded, { lines: [lines] })).toEqual(Array.from({ length: 40 }, () => red));
  const beneath = await rowOf(uploaded, { linesBeneath: [lines] });
  expect([beneath[0], beneath[39]]).toEqual([red, red]);
  expect(beneath[20][0]).toBeLessThan(20);
  expect(beneath[20][2]).toBeGreaterThan(230);
  const image = await renderToImage(gpu.device, renderer, null, through, background, { linesBeneath: [lines] });
  expect([...image.subarray(0, 4)]).toEqual([51, 102, 153, 255]);
  uploaded.destroy();
  lines.destroy();
}, 60_000);

test('pictures that cannot be are refused in a sentence', async () => {
  await expect(renderToImage(gpu.device, renderer, scene, { ...camera, width: 1e6 }, [0, 0, 0])).rejects.toMatchObject({
    code: 'usage',
    message: /1000000 x 35/,
  });
  await expect(renderToFloats(gpu.device, renderer, scene, camera, { background: [0, 0, 0] })).rejects.toMatchObject({
    code: 'usage',
  });
});
