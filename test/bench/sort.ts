import { SortPass, type SortKernels } from '../../renderer/gpu/passes/sort.ts';
import { SortBuffers } from '../../renderer/gpu/scratch.ts';
import { openTestDevice } from '../gpu/device.ts';
import { seededRandom } from '../seeded-random.ts';

const RUNS = 3;

/** Times both kinds of sort kernels on the test device, the best of three: node test/bench/run.mjs sort [KEYS…] */
export async function main(counts: readonly string[]): Promise<void> {
  const { device, info } = await openTestDevice();
  process.stdout.write(`device: ${info.vendor} ${info.architecture}\n`);
  for (const count of counts.length > 0 ? counts.map(Number) : [4000, 100_000, 1_000_000]) {
    const random = seededRandom(count);
    const keys = Uint32Array.from({ length: count }, () => Math.floor(random() * 2 ** 24));
    const figures: string[] = [];
    for (const kernels of ['parallel', 'serial'] as const)
      figures.push(`${kernels} ${(await best(device, keys, kernels)).toFixed(0)} ms`);
    process.stdout.write(`${count} keys: ${figures.join(', ')}\n`);
  }
  device.destroy();
}

async function best(device: GPUDevice, keys: Uint32Array<ArrayBuffer>, kernels: SortKernels): Promise<number> {
  const sort = new SortPass(device, undefined, kernels);
  const buffers = new SortBuffers(device, keys.length);
  device.queue.writeBuffer(buffers.keys, 0, keys);
  device.queue.writeBuffer(buffers.counts, 0, new Uint32Array([keys.length, 0]));
  const bindings = sort.bind(buffers);
  let shortest = Infinity;
  for (let run = 0; run < RUNS; run++) {
    await device.queue.onSubmittedWorkDone();
    const started = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    sort.record(pass, bindings, keys.length);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    shortest = Math.min(shortest, performance.now() - started);
  }
  buffers.destroy();
  sort.destroy();
  return shortest;
}
