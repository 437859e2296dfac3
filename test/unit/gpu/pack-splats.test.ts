import { expect, test } from 'vitest';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { packHalves, packRotationAndScales } from '../../../renderer/gpu/pack-splats.ts';
import { halfToFloat } from '../../../renderer/refine/checkpoint.ts';

function halvesOf(...numbers: number[]): number[] {
  const out = new Uint16Array(numbers.length);
  packHalves(Float32Array.from(numbers), 0, 1, numbers.length, out, 0, 1);
  return [...out].map(halfToFloat);
}

test('every half comes back as itself, and what lies between goes to the nearest', () => {
  const all = Array.from({ length: 0x7c00 }, (_, bits) => halfToFloat(bits));
  expect(halvesOf(...all)).toEqual(all);
  expect(halvesOf(...all.map((half) => -half)).map((half) => -half)).toEqual(all);
  for (const value of [1 + 0.49 / 1024, 0.1, -3.14159, 1234.56, 6.1e-5, 1e-6]) {
    const step = Math.max(2 ** (Math.floor(Math.log2(Math.abs(value))) - 10), 2 ** -24);
    expect(Math.abs(halvesOf(value)[0] - value)).toBeLessThanOrEqual(step / 2);
  }
});

test('what no half can hold becomes the largest one, and what is below the smallest becomes 0', () => {
  expect(halvesOf(1e9, -1e9, 65519, 65521, Infinity, -Infinity)).toEqual([65504, -65504, 65504, 65504, 65504, -65504]);
  expect(halvesOf(1e-12, 0)).toEqual([0, 0]);
  expect(Number.isFinite(halvesOf(NaN)[0])).toBe(true);
});

test('halves are taken and put at their strides', () => {
  const out = new Uint16Array(8).fill(7);
  packHalves(Float32Array.of(9, 1, 9, 2, 9, 3), 1, 2, 3, out, 1, 3);
  expect([...out]).toEqual([7, 0x3c00, 7, 7, 0x4000, 7, 7, 0x4200]);
});

test('quaternions come back of length 1 within 2e-5, log-scales from 1e-38 to 1e10 within 3e-5', () => {
  const scene = createScene(3, 0, { antialiased: false, up: 'y', format: 'inria-ply', name: 'needles' });
  scene.quats.set([2, 0, 0, 0, -0.5, 0.5, -0.5, 0.5, 0.1, -0.9, 0.3, 0.2]);
  scene.logScales.set([-87.3, 0, 23.9, -5.1234, -0.0001, 3.25, -200, 40, NaN]);
  const words = new Uint32Array(12);
  packRotationAndScales(scene, 0, 3, words);
  for (let i = 0; i < 3; i++) {
    const q = [0, 1, 2, 3].map((k) => scene.quats[4 * i + k]);
    const length = Math.hypot(...q);
    const found = new Int16Array(words.slice(4 * i, 4 * i + 2).buffer);
    q.forEach((value, k) => expect(Math.abs(found[k] / 32767 - value / length)).toBeLessThan(2e-5));
    const packed = BigInt(words[4 * i + 2]) | (BigInt(words[4 * i + 3]) << 32n);
    const logs = [0n, 21n, 42n].map((shift) => (Number((packed >> shift) & 0x1fffffn) * 112) / 2097151 - 88);
    if (i < 2) logs.forEach((log, k) => expect(Math.abs(log - scene.logScales[3 * i + k])).toBeLessThan(3e-5));
    else expect(logs).toEqual([-88, 24, -88]);
  }
});
