import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from '../gpu/device.ts';
import { generateScene, lookAt } from '../gpu/scenes.ts';

/** Wraps the device's creation calls to count what a frame makes. */
function countCreations(device: GPUDevice): { readonly total: number } {
  const counter = { total: 0 };
  for (const name of [
    'createBuffer',
    'createTexture',
    'createBindGroup',
    'createComputePipeline',
    'createRenderPipeline',
    'createShaderModule',
    'createSampler',
  ] as const) {
    const original = device[name].bind(device) as (...args: unknown[]) => unknown;
    Object.defineProperty(device, name, {
      value: (...args: unknown[]) => {
        counter.total++;
        return original(...args);
      },
    });
  }
  return counter;
}

/** node test/bench/run.mjs renderer [FRAMES] [SPLATS…] */
export async function main([frames = '5', ...counts]: readonly string[]): Promise<void> {
  await run(counts.length > 0 ? counts.map(Number) : [100_000, 1_000_000], Number(frames));
}

/**
 * Prints, for each number of splats: upload time, frame time on the device (a software one in tests), both also in
 * processor time, which other work hardly touches; time that `render` keeps the CPU, JavaScript heap growth and GPU
 * objects made in a frame.
 */
async function run(counts: readonly number[], frames: number): Promise<void> {
  const { device, info, errors } = await openTestDevice();
  const created = countCreations(device);
  const renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  const [width, height] = [320, 200];
  const texture = device.createTexture({
    size: [width, height],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const target = { view: texture.createView(), width, height };
  const cameras: CameraParameters[] = Array.from({ length: frames }, (_, i) =>
    lookAt([4 * Math.sin(i / 5), -0.5, -4 * Math.cos(i / 5)], [0, 0, 0], width, height),
  );
  const options = { background: [0, 0, 0] } as const;
  process.stdout.write(`device: ${info.vendor} ${info.architecture}, ${width} x ${height} px, ${frames} frames\n`);
  for (const count of counts) {
    const source = generateScene({ count, shDegree: 3, seed: 1 });
    // As dense scenes are: the more splats, the smaller.
    const shrink = Math.log(count / 500) / 2.2;
    for (let i = 0; i < source.logScales.length; i++) source.logScales[i] -= shrink;
    const start = performance.now();
    const began = process.cpuUsage();
    const scene = renderer.uploadScene(source);
    await device.queue.onSubmittedWorkDone();
    const uploaded = performance.now();
    const uploadCpu = cpuMs(began);
    renderer.render(target, scene, cameras[0], options);
    await device.queue.onSubmittedWorkDone();
    const before = { created: created.total, heap: process.memoryUsage().heapUsed };
    let cpu = 0;
    const first = performance.now();
    const drawing = process.cpuUsage();
    for (const camera of cameras) {
      const called = performance.now();
      renderer.render(target, scene, camera, options);
      cpu += performance.now() - called;
      await device.queue.onSubmittedWorkDone();
    }
    const frame = (performance.now() - first) / frames;
    const frameCpu = cpuMs(drawing) / frames;
    const heap = (process.memoryUsage().heapUsed - before.heap) / frames / 1024;
    process.stdout.write(
      `${count} splats: upload ${(uploaded - start).toFixed(0)} ms (${uploadCpu.toFixed(0)} of all processors), ` +
        `frame ${frame.toFixed(1)} ms (${frameCpu.toFixed(1)}), ` +
        `render() ${(cpu / frames).toFixed(2)} ms of CPU, heap ${heap.toFixed(1)} KiB a frame, ` +
        `GPU objects made in ${frames} frames: ${created.total - before.created}\n`,
    );
    scene.destroy();
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
  renderer.destroy();
  device.destroy();
}

/** Milliseconds of all threads of this process, a software adapter's among them, since `since`. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
