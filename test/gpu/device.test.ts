import { expect, test, vi } from 'vitest';
import type { SplatError } from '../../renderer/core/errors.ts';
import { problemOf, requestRenderDevice } from '../../renderer/gpu/device.ts';
import { GpuScene } from '../../renderer/gpu/gpu-scene.ts';
import { Scratch } from '../../renderer/gpu/scratch.ts';
import { openTestDevice } from './device.ts';
import { generateScene } from './scenes.ts';

test('no adapter, and an adapter without a device, are sentences', async () => {
  const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(requestRenderDevice(none)).rejects.toMatchObject({
    code: 'gpu-unavailable',
    message: /no graphics adapter/,
  });
  const refusing = {
    requestAdapter: () =>
      Promise.resolve({ limits: {}, features: new Set(), requestDevice: () => Promise.reject(new Error('busy')) }),
  } as unknown as GPU;
  await expect(requestRenderDevice(refusing)).rejects.toMatchObject({ code: 'gpu-unavailable', message: /busy/ });
});

test("the device has the adapter's largest buffers and reports what nobody catches", async () => {
  const onError = vi.fn<(error: SplatError) => void>();
  const onLost = vi.fn<(error: SplatError) => void>();
  const { device, adapter } = await openTestDevice({ onError, onLost });
  expect(device.limits.maxBufferSize).toBe(adapter.limits.maxBufferSize);
  expect(device.limits.maxStorageBufferBindingSize).toBe(adapter.limits.maxStorageBufferBindingSize);
  device.createBuffer({ size: 4, usage: 0 });
  await vi.waitFor(() => expect(onError).toHaveBeenCalled(), 10_000);
  expect(onError.mock.calls[0][0]).toMatchObject({ code: 'gpu-error' });
  // Giving a device back is no loss.
  device.destroy();
  await device.lost;
  expect(onLost).not.toHaveBeenCalled();
}, 90_000);

test('a device that goes by itself is reported as lost, once', async () => {
  const onLost = vi.fn<(error: SplatError) => void>();
  const going = {
    addEventListener: vi.fn(),
    lost: Promise.resolve({ reason: 'unknown', message: 'the driver was reset' }),
  };
  const adapter = { limits: {}, features: new Set(), info: {}, requestDevice: () => Promise.resolve(going) };
  await requestRenderDevice({ requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU, { onLost });
  await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
  expect(onLost.mock.calls[0][0]).toMatchObject({ code: 'gpu-lost', message: /driver was reset/ });
});

test('scenes that pass the limits are refused, malformed ones too', async () => {
  const { device } = await openTestDevice();
  expect(() => new Scratch(device, 2e9)).toThrow(/2,000,000,000 splats/);
  const scene = { ...generateScene({ count: 10, shDegree: 1, seed: 1 }), count: 11 };
  expect(() => new GpuScene(device, scene)).toThrow(/positions holds 30/);
  device.destroy();
}, 90_000);

test('what goes wrong while scenes are sent is told by the call alone', async () => {
  const { device, errors } = await openTestDevice();
  expect(
    await problemOf(device, () => device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE }).destroy()),
  ).toBeUndefined();
  expect(await problemOf(device, () => void device.createBuffer({ size: 4, usage: 0 }))).toMatchObject({
    code: 'gpu-error',
  });
  expect(
    await problemOf(device, () => {
      throw new Error('torn');
    }),
  ).toMatchObject({ code: 'gpu-error', message: /torn/ });
  // The scopes are all closed again: what comes later is nobody's.
  device.createBuffer({ size: 4, usage: 0 });
  await vi.waitFor(() => expect(errors).toHaveLength(1), 10_000);
  device.destroy();
}, 90_000);

test('a device without memory is told as that, whatever else it complains of', async () => {
  // A real one would have to be filled to the brim.
  const scopes: string[] = [];
  const full = {
    pushErrorScope: (filter: string) => scopes.push(filter),
    popErrorScope: () => Promise.resolve({ message: `${scopes.pop() ?? 'no'} error` }),
  } as unknown as GPUDevice;
  const problem = await problemOf(full, () => expect(scopes).toEqual(['out-of-memory', 'validation']));
  expect(problem).toMatchObject({
    code: 'out-of-memory',
    message: /not drawn/,
    advice: /smaller scene/,
    cause: { message: 'out-of-memory error' },
  });
  expect(scopes).toEqual([]);
});
