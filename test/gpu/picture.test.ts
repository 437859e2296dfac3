import { afterAll, beforeAll, expect, test } from 'vitest';
import { poseOf, poseParameters } from '../../renderer/camera/camera-pose.ts';
import { sceneBounds } from '../../renderer/camera/scene-bounds.ts';
import { framingDistance } from '../../renderer/camera/view-parameters.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { NEAR_Z } from '../../renderer/core/near-distance.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import type { UploadOptions } from '../../renderer/gpu/gpu-scene.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { psnr } from './psnr.ts';
import { generateScene, lookAt } from './scenes.ts';

/** What the product promises, in dB against the CPU twin with INRIA's transmittance stop. */
const PROMISED_DB = 45;

let gpu: TestDevice;
let half: SplatRenderer;
let float: SplatRenderer | undefined;
let tiles: SplatRenderer;

beforeAll(async () => {
  gpu = await openTestDevice();
  tiles = new SplatRenderer(gpu.device, { format: 'rgba32float', blending: 'tiles' });
  half = new SplatRenderer(gpu.device, { format: 'rgba32float', blending: 'quads' });
  if (gpu.device.features.has('float32-blendable'))
    float = new SplatRenderer(gpu.device, {
      format: 'rgba32float',
      blending: 'quads',
      accumulation: 'rgba32float',
    });
  else process.stderr.write('NOT TESTED: blending in rgba32float, which this device cannot (no float32-blendable).\n');
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  half.destroy();
  tiles.destroy();
  float?.destroy();
  gpu.device.destroy();
});

async function expectAgreement(
  name: string,
  scene: SplatScene,
  camera: CameraParameters,
  background: [number, number, number],
  options: UploadOptions = {},
): Promise<void> {
  const inria = renderReference(scene, camera, background);
  const sum = renderReference(scene, camera, background, { transmittanceStop: 0 });
  const uploaded = half.uploadScene(scene, options);
  const drawn = await renderToFloats(gpu.device, half, uploaded, camera, { background });
  const figures = [`f16 ${psnr(drawn, inria).toFixed(1)}`, `f16 without stop ${psnr(drawn, sum).toFixed(1)}`];
  if (float !== undefined) {
    const precise = await renderToFloats(gpu.device, float, uploaded, camera, { background });
    figures.push(`f32 ${psnr(precise, inria).toFixed(1)}`, `f32 without stop ${psnr(precise, sum).toFixed(1)}`);
    expect(psnr(precise, sum)).toBeGreaterThan(60);
  }
  const tiled = await renderToFloats(gpu.device, tiles, uploaded, camera, { background });
  figures.push(`tiles ${psnr(tiled, inria).toFixed(1)}`, `tiles without stop ${psnr(tiled, sum).toFixed(1)}`);
  expect(psnr(tiled, sum)).toBeGreaterThan(60);
  uploaded.destroy();
  process.stdout.write(`${name}: ${figures.join(', ')} dB\n`);
  expect(psnr(drawn, inria)).toBeGreaterThan(PROMISED_DB);
}

test.each([0, 1, 2, 3] as const)(
  'a generated scene of SH degree %i at an odd size',
  async (shDegree) => {
    await expectAgreement(
      `degree ${shDegree}`,
      generateScene({ count: 400, shDegree, seed: shDegree + 1 }),
      lookAt([0.4, -1, -2.2], [0, 0, 0], 97, 61),
      [0.2, 0.4, 0.1],
    );
  },
  120_000,
);

test('an anti-aliased scene', async () => {
  await expectAgreement(
    'anti-aliased',
    generateScene({ count: 400, shDegree: 1, seed: 9, antialiased: true }),
    lookAt([0, 0, -5], [0, 0, 0], 64, 48),
    [1, 1, 1],
  );
}, 60_000);

test('from inside, with an off-centre principal point and unequal focal lengths', async () => {
  const camera = { ...lookAt([0.1, 0.2, 0], [1, 0.3, 0.2], 75, 50, 90), cx: 21.3, cy: 33.9, fx: 41 };
  await expectAgreement('inside', generateScene({ count: 300, shDegree: 3, seed: 4 }), camera, [0, 0, 0]);
}, 60_000);

test('in chunks, far from the origin', async () => {
  const scene = generateScene({ count: 500, shDegree: 2, seed: 8, offset: 1000 });
  await expectAgreement('chunks', scene, lookAt([1001, 999, 997.6], [1000, 1000, 1000], 65, 43), [0.5, 0.5, 0.5], {
    maxChunkSplats: 123,
  });
}, 60_000);

test('one pixel, and a scene behind the camera', async () => {
  const scene = generateScene({ count: 50, shDegree: 0, seed: 3 });
  await expectAgreement('one pixel', scene, lookAt([0, 0, -3], [0, 0, 0], 1, 1), [1, 0, 0]);
  const away = lookAt([0, 0, -3], [0, 0, -9], 31, 17);
  const uploaded = half.uploadScene(scene);
  const drawn = await renderToFloats(gpu.device, half, uploaded, away, { background: [0.25, 0.5, 0.75] });
  uploaded.destroy();
  expect([...drawn.slice(0, 4)]).toEqual([0.25, 0.5, 0.75, 1]);
  expect(new Set(drawn).size).toBe(4);
}, 60_000);

test('splats that cannot be drawn leave no trace', async () => {
  const scene = generateScene({ count: 60, shDegree: 1, seed: 12 });
  const camera = lookAt([0, 0, -3], [0, 0, 0], 40, 30);
  scene.positions[3] = NaN;
  scene.logScales[7] = Infinity;
  scene.quats.fill(0, 16, 20);
  scene.logitOpacities[6] = NaN;
  scene.shRest[9 * 9] = -Infinity;
  scene.logScales[36] = 25;
  await expectAgreement('broken', scene, camera, [0, 0, 0]);
}, 60_000);

test("a scene of small units shows, also where the camera names no near distance; INRIA's hides it", async () => {
  const scene = generateScene({ count: 300, shDegree: 1, seed: 31, radius: 0.05 });
  const { centre, radius } = sceneBounds(scene);
  expect(radius).toBeLessThan(0.06);
  const [x, y, z] = centre;
  const pose = poseOf({
    position: [x, y, z - framingDistance(radius, 50, 4 / 3)],
    target: [x, y, z],
    up: [0, -1, 0],
    rollDegrees: 0,
    fovYDegrees: 50,
  });
  const camera = poseParameters(pose, 80, 60, radius);
  await expectAgreement('small units', scene, camera, [0.1, 0.2, 0.3]);

  const uploaded = half.uploadScene(scene);
  const shades = async (of: CameraParameters): Promise<number> =>
    new Set(await renderToFloats(gpu.device, half, uploaded, of, { background: [0.1, 0.2, 0.3] })).size;
  expect(await shades(camera)).toBeGreaterThan(1000);
  const nameless = poseParameters(pose, 80, 60);
  expect(await shades(nameless)).toBeGreaterThan(1000);
  expect(await shades({ ...nameless, near: NEAR_Z })).toBe(4);
  uploaded.destroy();
}, 60_000);

test('two scenes in turn, of different size, give the pictures they give alone', async () => {
  const camera = lookAt([0, -0.5, -2.5], [0, 0, 0], 33, 47);
  const options = { background: [0, 0, 0] as const };
  const small = half.uploadScene(generateScene({ count: 40, shDegree: 1, seed: 21 }));
  const large = half.uploadScene(generateScene({ count: 900, shDegree: 1, seed: 22 }));
  const draw = (scene: typeof small): Promise<Float32Array> => renderToFloats(gpu.device, half, scene, camera, options);
  const [first, second] = [await draw(small), await draw(large)];
  expect(await draw(small)).toEqual(first);
  expect(await draw(large)).toEqual(second);
  expect(first).not.toEqual(second);
  small.destroy();
  large.destroy();
}, 60_000);
