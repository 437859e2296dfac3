import { expect, test, vi } from 'vitest';
import { FrameProfiler, timingsOf } from '../../renderer/gpu/profiler.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

test('passes of one name add up, and the frame runs from the first beginning to the last end', () => {
  const { passes, total } = timingsOf(
    ['draw', 'sort', 'draw'],
    BigUint64Array.of(1_000_000n, 3_000_000n, 3_000_000n, 3_500_000n, 4_000_000n, 9_000_000n),
  );
  expect([...passes]).toEqual([
    ['draw', 7],
    ['sort', 0.5],
  ]);
  expect(total).toBe(8);
});

test('a clock that restarts is no negative time', () => {
  expect(timingsOf(['draw'], BigUint64Array.of(5_000_000n, 1_000_000n)).passes.get('draw')).toBe(0);
});

test('a device without timestamps has no profiler', () => {
  expect(FrameProfiler.create({ features: new Set() } as unknown as GPUDevice)).toBeUndefined();
});

test('times every pass of a frame while it is on, and frames of a comparison too', async () => {
  const { device, errors } = await openTestDevice();
  const renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  const { profiler } = renderer;
  if (profiler === undefined) throw new Error('The test device has no timestamp-query; SwiftShader does.');
  const scene = renderer.uploadScene(generateScene({ count: 2000, shDegree: 3, seed: 3 }));
  const texture = device.createTexture({
    size: [96, 64],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const target = { view: texture.createView(), width: 96, height: 64 };
  const camera = lookAt([0, 0, -3], [0, 0, 0], 96, 64);
  const options = { background: [0, 0, 0] } as const;

  renderer.render(target, scene, camera, options);
  await device.queue.onSubmittedWorkDone();
  expect(profiler.latest).toBeUndefined();

  profiler.isEnabled = true;
  for (let frame = 0; frame < 8; frame++) renderer.render(target, scene, camera, options);
  await vi.waitFor(
    () => expect([...(profiler.latest?.passes.keys() ?? [])]).toEqual(['project', 'sort', 'draw', 'present']),
    20_000,
  );
  const { passes, total } = profiler.latest!;
  expect(passes.get('draw')).toBeGreaterThan(0);
  const sum = [...passes.values()].reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThanOrEqual(sum * 0.99);

  await device.queue.onSubmittedWorkDone();
  renderer.renderCompare(
    target,
    scene,
    scene,
    camera,
    { mode: 'split', direction: 'vertical', position: 0.5 },
    options,
  );
  await vi.waitFor(
    () => expect([...(profiler.latest?.passes.keys() ?? [])]).toEqual(['project', 'sort', 'draw', 'compare']),
    20_000,
  );

  profiler.isEnabled = false;
  expect(profiler.latest).toBeUndefined();
  expect(errors).toEqual([]);
  renderer.destroy();
  device.destroy();
}, 120_000);
