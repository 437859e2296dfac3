import { FrameUniforms, NO_SCENE } from '../../renderer/gpu/frame-uniforms.ts';
import { GpuScene } from '../../renderer/gpu/gpu-scene.ts';
import { ProjectPass } from '../../renderer/gpu/passes/project.ts';
import { Scratch } from '../../renderer/gpu/scratch.ts';
import { openTestDevice } from '../gpu/device.ts';
import { generateScene, lookAt } from '../gpu/scenes.ts';
import { startClock } from './table/figures.ts';

const RUNS = 7;

/**
 * Prints what packing a generated scene and projecting its splats take of the processors, the best of seven, for each
 * SH degree: node test/bench/run.mjs project [SPLATS]
 */
export async function main([splats = '300000']: readonly string[]): Promise<void> {
  const { device, info } = await openTestDevice();
  process.stdout.write(`device: ${info.vendor} ${info.architecture}\n`);
  const frame = new FrameUniforms(device);
  frame.write(lookAt([0.5, -0.6, -3], [0, 0, 0], 640, 360), 640, 360, NO_SCENE);
  const project = new ProjectPass(device, frame.buffer);
  for (const shDegree of [0, 1, 2, 3] as const) {
    const scene = generateScene({ count: Number(splats), shDegree, seed: 1 });
    const uploaded = new GpuScene(device, scene);
    const scratch = new Scratch(device, scene.count);
    const groups = project.bind(uploaded, scratch);
    const packing = await best(device, () => uploaded.update(scene));
    const projecting = await best(device, () => {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      project.record(pass, uploaded, groups);
      pass.end();
      device.queue.submit([encoder.finish()]);
    });
    process.stdout.write(`degree ${shDegree}: packing ${packing} ms, projecting ${projecting} ms\n`);
    uploaded.destroy();
    scratch.destroy();
  }
}

/** Milliseconds of all processors. */
async function best(device: GPUDevice, work: () => void): Promise<string> {
  let least = Infinity;
  for (let run = 0; run < RUNS; run++) {
    await device.queue.onSubmittedWorkDone();
    const clock = startClock();
    work();
    await device.queue.onSubmittedWorkDone();
    least = Math.min(least, clock().processors);
  }
  return (1000 * least).toFixed(0);
}
