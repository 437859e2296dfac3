import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameUniforms, NO_SCENE } from '../../renderer/gpu/frame-uniforms.ts';
import { GpuScene } from '../../renderer/gpu/gpu-scene.ts';
import { ProjectPass } from '../../renderer/gpu/passes/project.ts';
import { opacityOfLogit } from '../../renderer/core/drawable.ts';
import { Scratch } from '../../renderer/gpu/scratch.ts';
import { shaders } from '../../renderer/gpu/shaders.ts';
import { structLayout } from '../../renderer/gpu/wgsl.ts';
import { openTestDevice, readWords, type TestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

const CULLED = 0xffffffff;
const RECORD_WORDS = structLayout(shaders.draw, 'Record').size / 4;
let gpu: TestDevice;

/** One over a standard deviation, as a record keeps it in 15 bits. */
function whitenOf(bits: number): number {
  return new Float32Array(Uint32Array.of(((bits & 0x7fff) + (97 << 10)) << 13).buffer)[0];
}

/** Bits of the depth counted from those of the near distance, without the lowest four. */
function expectedKey(depth: number, near: number): number {
  const [nearBits, own] = new Uint32Array(new Float32Array([near, depth]).buffer);
  return Math.floor((own - nearBits) / 16);
}

beforeAll(async () => {
  gpu = await openTestDevice();
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  gpu.device.destroy();
});

test.each([1, 0.05])(
  'records hold depth, centre and covariance, in rows of workgroups too: a scene of radius %d',
  async (radius) => {
    const { device } = gpu;
    const scene = generateScene({ count: 900, shDegree: 0, seed: 77, radius });
    // Thin needles close to the camera, where a determinant taken naively would be noise.
    for (let i = 0; i < 50; i++)
      scene.logScales.set(
        [-1, -13, -14].map((log) => log + Math.log(radius)),
        i * 3,
      );
    const near = 0.2 * radius;
    const usual = lookAt([0, 0, -1.2 * radius], [0.2 * radius, 0, 0], 640, 480);
    const camera = radius === 1 ? usual : { ...usual, near };
    const frame = new FrameUniforms(device);
    frame.write(camera, 640, 480, NO_SCENE);
    const uploaded = new GpuScene(device, scene);
    const scratch = new Scratch(device, scene.count);
    // One workgroup a row: 900 splats need four rows.
    const project = new ProjectPass(device, frame.buffer, 1);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    project.record(pass, uploaded, project.bind(uploaded, scratch));
    pass.end();
    device.queue.submit([encoder.finish()]);
    const keys = await readWords(device, scratch.sort.keys, scene.count);
    const words = await readWords(device, scratch.records, scene.count * RECORD_WORDS);
    const records = new Float32Array(words.buffer);

    const v = camera.worldToView;
    let visible = 0;
    const seen: [depth: number, key: number][] = [];
    for (let i = 0; i < scene.count; i++) {
      const p = scene.positions.subarray(i * 3, i * 3 + 3);
      const view = [0, 1, 2].map((r) => v[r * 4] * p[0] + v[r * 4 + 1] * p[1] + v[r * 4 + 2] * p[2] + v[r * 4 + 3]);
      if (keys[i] === CULLED) continue;
      visible++;
      seen.push([view[2], keys[i]]);
      expect(view[2]).toBeGreaterThan(near);
      expect(Math.abs(keys[i] - expectedKey(view[2], near))).toBeLessThanOrEqual(1);
      const [, , whiten, shape] = words.subarray(i * RECORD_WORDS, (i + 1) * RECORD_WORDS);
      const u = records[i * RECORD_WORDS];
      expect(Math.abs(u - ((camera.fx * view[0]) / view[2] + camera.cx))).toBeLessThan(1e-2);
      const [whitenMajor, whitenMinor] = [whitenOf(whiten), whitenOf(whiten >>> 16)];
      // No axis is thinner than the low-pass of 0.3 px².
      expect(whitenMinor).toBeGreaterThanOrEqual(whitenMajor * 0.9999);
      expect(whitenMinor).toBeLessThanOrEqual(1.0005 / Math.sqrt(0.3));
      if (i < 50) expect(whitenMinor).toBeGreaterThan(0.9 / Math.sqrt(0.3));
      const opacity = (1 + (254 * ((shape >>> 16) & 0xfff)) / 4095) / 255;
      expect(Math.abs(opacity - opacityOfLogit(scene.logitOpacities[i]))).toBeLessThan(2e-4);
    }
    seen.sort(([a], [b]) => a - b);
    expect(seen.every(([, key], i) => i === 0 || key >= seen[i - 1][1] - 1)).toBe(true);
    expect(visible).toBeGreaterThan(300);
    expect(visible).toBeLessThan(scene.count);
    // The last row of workgroups was reached.
    expect(keys.slice(768).some((key) => key !== CULLED)).toBe(true);
    for (const owner of [uploaded, scratch, frame]) owner.destroy();
  },
  60_000,
);
