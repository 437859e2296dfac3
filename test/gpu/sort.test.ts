import { afterAll, beforeAll, expect, test } from 'vitest';
import { SortPass } from '../../renderer/gpu/passes/sort.ts';
import { SortBuffers } from '../../renderer/gpu/scratch.ts';
import { openTestDevice, readWords, type TestDevice } from './device.ts';
import { seededRandom } from './scenes.ts';

const CULLED = 0xffffffff;
/** So few workgroups in one dimension that small inputs pass the limit. */
const FEW_GROUPS = 2;
let gpu: TestDevice;
// Software devices compile slowly: one set of pipelines serves all cases.
let ordinary: SortPass;
let limited: SortPass;

beforeAll(async () => {
  gpu = await openTestDevice();
  ordinary = new SortPass(gpu.device);
  limited = new SortPass(gpu.device, FEW_GROUPS);
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
  const result = { visible, instances: calls[4], keys: await readWords(device, buffers.sortedKeys, visible), values: await readWords(device, buffers.sortedValues, visible) };
  buffers.destroy();
  return result;
}

/** The stable order of the keys that are not culled. */
function sortOnCpu(keys: Uint32Array): number[] {
  const order = [...keys.keys()].filter((i) => keys[i] !== CULLED);
  return order.sort((a, b) => keys[a] - keys[b]);
}

async function expectSorted(keys: Uint32Array, sort = ordinary): Promise<void> {
  const sorted = await sortOnGpu(keys, sort);
  const order = sortOnCpu(keys);
  expect(sorted.visible).toBe(order.length);
  expect(sorted.instances).toBe(Math.ceil(order.length / 64));
  expect(Buffer.from(sorted.values.buffer).equals(Buffer.from(Uint32Array.from(order).buffer))).toBe(true);
  expect(Buffer.from(sorted.keys.buffer).equals(Buffer.from(Uint32Array.from(order, (i) => keys[i]).buffer))).toBe(true);
}

function randomKeys(count: number, distinct = 2 ** 24): Uint32Array {
  const random = seededRandom(count + 1);
  return Uint32Array.from({ length: count }, () => Math.floor(random() * distinct));
}

test.each([1, 255, 256, 257, 4095, 4096, 4097, 65537])('sorts %i random keys', (count) => expectSorted(randomKeys(count)), 60_000);

test('no key gives no work', () => expectSorted(new Uint32Array(0)), 60_000);

test('equal keys keep their order', async () => {
  await expectSorted(new Uint32Array(5000).fill(7));
  await expectSorted(randomKeys(9000, 3));
}, 60_000);

test('culled keys are dropped, all of them too', async () => {
  const keys = randomKeys(10_000);
  for (let i = 0; i < keys.length; i++) if (i % 3 !== 0) keys[i] = CULLED;
  await expectSorted(keys);
  await expectSorted(new Uint32Array(300).fill(CULLED));
}, 60_000);

test('past the dispatch limit of one dimension rows of workgroups do the same', () => expectSorted(randomKeys(4096 * 5 + 17), limited), 60_000);
