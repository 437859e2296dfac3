import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SortPass, preferredSortKernels, type SortKernels } from '../../renderer/gpu/passes/sort.ts';
import { SortBuffers } from '../../renderer/gpu/scratch.ts';
import { rememberAdapter } from '../../renderer/gpu/swiftshader.ts';
import { openTestDevice, readWords, type TestDevice } from './device.ts';
import { seededRandom } from '../seeded-random.ts';

const CULLED = 0xffffffff;
/** So few workgroups in one dimension that small inputs pass the limit. */
const FEW_GROUPS = 2;
let gpu: TestDevice;
// Software devices compile slowly: one set of pipelines serves all cases.
let sorts: Record<SortKernels, { readonly ordinary: SortPass; readonly limited: SortPass }>;

beforeAll(async () => {
  gpu = await openTestDevice();
  const make = (kernels: SortKernels) => ({
    ordinary: new SortPass(gpu.device, undefined, kernels),
    limited: new SortPass(gpu.device, FEW_GROUPS, kernels),
  });
  sorts = { parallel: make('parallel'), serial: make('serial') };
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  gpu.device.destroy();
});

interface Sorted {
  readonly values: Uint32Array;
  readonly keys: Uint32Array;
  readonly visible: number;
  readonly instances: number;
}

async function sortOnGpu(keys: Uint32Array, sort: SortPass): Promise<Sorted> {
  const { device } = gpu;
  const buffers = new SortBuffers(device, Math.max(1, keys.length));
  device.queue.writeBuffer(buffers.keys, 0, keys as Uint32Array<ArrayBuffer>);
  device.queue.writeBuffer(buffers.counts, 0, new Uint32Array([keys.length, 12345]));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  sort.record(pass, sort.bind(buffers), keys.length);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const [total, visible] = await readWords(device, buffers.counts, 2);
  expect(total).toBe(keys.length);
  const calls = await readWords(device, buffers.calls, 8);
  const result = {
    visible,
    instances: calls[4],
    keys: await readWords(device, buffers.sortedKeys, visible),
    values: await readWords(device, buffers.sortedValues, visible),
  };
  buffers.destroy();
  return result;
}

/** The stable order of the keys that are not culled. */
function sortOnCpu(keys: Uint32Array): number[] {
  const order = [...keys.keys()].filter((i) => keys[i] !== CULLED);
  return order.sort((a, b) => keys[a] - keys[b]);
}

async function expectSorted(keys: Uint32Array, sort: SortPass): Promise<void> {
  const sorted = await sortOnGpu(keys, sort);
  const order = sortOnCpu(keys);
  expect(sorted.visible).toBe(order.length);
  expect(sorted.instances).toBe(Math.ceil(order.length / 64));
  expect(Buffer.from(sorted.values.buffer).equals(Buffer.from(Uint32Array.from(order).buffer))).toBe(true);
  expect(Buffer.from(sorted.keys.buffer).equals(Buffer.from(Uint32Array.from(order, (i) => keys[i]).buffer))).toBe(
    true,
  );
}

function randomKeys(count: number, distinct = 2 ** 24): Uint32Array {
  const random = seededRandom(count + 1);
  return Uint32Array.from({ length: count }, () => Math.floor(random() * distinct));
}

describe.each(['parallel', 'serial'] as const)('%s kernels', (kernels) => {
  const expectAllSorted = (keys: Uint32Array): Promise<void> => expectSorted(keys, sorts[kernels].ordinary);

  test.each([1, 255, 256, 257, 4095, 4096, 4097, 65537])(
    'sort %i random keys',
    (count) => expectAllSorted(randomKeys(count)),
    60_000,
  );

  test('no key gives no work', () => expectAllSorted(new Uint32Array(0)), 60_000);

  test('equal keys keep their order', async () => {
    await expectAllSorted(new Uint32Array(5000).fill(7));
    await expectAllSorted(randomKeys(9000, 3));
  }, 60_000);

  test('culled keys are dropped, all of them too', async () => {
    const keys = randomKeys(10_000);
    for (let i = 0; i < keys.length; i++) if (i % 3 !== 0) keys[i] = CULLED;
    await expectAllSorted(keys);
    await expectAllSorted(new Uint32Array(300).fill(CULLED));
  }, 60_000);

  test(
    'past the dispatch limit of one dimension rows of workgroups do the same',
    () => expectSorted(randomKeys(4096 * 5 + 17), sorts[kernels].limited),
    60_000,
  );
});

test('processors that play a graphics card sort serially, cards in parallel', () => {
  const named = (architecture: string): GPUDevice => ({ adapterInfo: { architecture } }) as GPUDevice;
  expect(preferredSortKernels(named('swiftshader'))).toBe('serial');
  expect(preferredSortKernels(named('hopper'))).toBe('parallel');
  // Devices of older Chromiums do not know their adapter.
  const silent = {} as GPUDevice;
  expect(preferredSortKernels(silent)).toBe('parallel');
  rememberAdapter(silent, { architecture: 'swiftshader' } as GPUAdapterInfo);
  expect(preferredSortKernels(silent)).toBe('serial');
});
