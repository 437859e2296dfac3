import { describe, expect, test } from 'vitest';
import { createScene, shRestCount, type ShDegree, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { packHarmonics, packSplats } from '../../../renderer/gpu/pack-splats.ts';
import { halfToFloat } from '../../../renderer/refine/checkpoint.ts';
import { seededRandom } from '../../seeded-random.ts';

const meta = { antialiased: false, up: 'y', format: 'inria-ply', name: 'packed' } as const;

/** What becomes of these as the red of a splat each. */
function halvesOf(...numbers: number[]): number[] {
  const scene = createScene(numbers.length, 0, meta);
  numbers.forEach((red, i) => (scene.shDc[3 * i] = red));
  const words = packSplats(scene, 0, scene.count, 1);
  return numbers.map((_, i) => halfToFloat(words[4 * i + 3] >>> 16));
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

/** Twin of shaders/common/splat.wgsl: what the two planes of a scene say about one of its splats. */
function unpackSplat(words: Uint32Array, splat: number, count: number) {
  const one = words.subarray(4 * splat, 4 * splat + 4);
  const more = words.subarray(4 * (count + splat), 4 * (count + splat) + 4);
  const low = (word: number): number => word & 0xffff;
  const signed = (half: number): number => ((half << 16) >> 16) / 32767 / Math.SQRT2;
  const quat = [low(more[1]), more[1] >>> 16, low(more[2])].map(signed);
  quat.splice((one[3] >>> 14) & 3, 0, Math.sqrt(1 - quat.reduce((sum, x) => sum + x * x, 0)));
  return {
    position: [...new Float32Array(words.buffer, 16 * splat, 3)],
    opacity: (one[3] & 16383) / 16383,
    base: [one[3] >>> 16, low(more[0]), more[0] >>> 16].map(halfToFloat),
    quat,
    logScales: [more[2] >>> 16, low(more[3]), more[3] >>> 16].map((steps) =>
      Math.min(-88 + (56 * steps) / 8192, -32 + (52 * (steps - 8192)) / (65535 - 8192)),
    ),
  };
}

describe('all but the harmonics above degree 0', () => {
  const pack = (scene: SplatScene, planes: 1 | 2 = 2): Uint32Array => packSplats(scene, 0, scene.count, planes).slice();

  test('places come back as they are, rotations within 8e-5, whichever component is the largest', () => {
    const scene = createScene(400, 0, meta);
    const random = seededRandom(5);
    const signed = (): number => random() * 2 - 1;
    scene.quats.forEach((_, i) => (scene.quats[i] = 3 * signed()));
    scene.quats.set([2, 0, 0, 0, 0, -2, 0, 0, 0, 0, 1e-5, 0, -0.5, 0.5, -0.5, 0.5, 1, 1, 0, 0, 0, 0, 0, -1]);
    scene.positions.forEach((_, i) => (scene.positions[i] = 1e5 * signed()));
    const words = pack(scene);
    for (let i = 0; i < 400; i++) {
      const { position, quat } = unpackSplat(words, i, 400);
      expect(position).toEqual([...scene.positions.subarray(3 * i, 3 * i + 3)]);
      const own = scene.quats.subarray(4 * i, 4 * i + 4);
      // The angle between both: q and -q are one rotation.
      const norm = Math.hypot(...own);
      const sign = Math.sign(quat.reduce((sum, x, k) => sum + x * own[k], 0));
      expect(2 * Math.hypot(...quat.map((x, k) => x - (sign * own[k]) / norm))).toBeLessThan(8e-5);
    }
  });

  test('log-scales come back within 5e-4 from e^-32 to e^20, within 4e-3 to the smallest float', () => {
    const scene = createScene(5, 0, meta);
    scene.quats.fill(0.5);
    scene.logScales.set([-31.9, -12.345, 0, -5.1234, 3.25, 19.99, -32, -60.7, -87.3, -200, -Infinity, 20, 20, NaN, 40]);
    const words = pack(scene);
    const found = [0, 1, 2, 3, 4].flatMap((i) => unpackSplat(words, i, 5).logScales);
    for (let k = 0; k < 9; k++)
      expect(Math.abs(found[k] - scene.logScales[k])).toBeLessThan(scene.logScales[k] < -32 ? 4e-3 : 5e-4);
    expect(found.slice(9)).toEqual([-88, -88, 20, 20, -88, 20]);
  });

  test('opacities come back within 4e-5, base colours as halves; what cannot be drawn is invisible', () => {
    const scene = createScene(4, 0, meta);
    scene.quats.fill(0.5);
    scene.logitOpacities.set([0.3, Infinity, -5, NaN]);
    scene.shDc.set([0.125, -1.5, 1000, 0, 0, 0, -2, 1e9, 3, 0, 0, 0]);
    scene.positions.fill(7);
    const words = pack(scene);
    const [half, opaque, faint, broken] = [0, 1, 2, 3].map((i) => unpackSplat(words, i, 4));
    expect(half.opacity).toBeCloseTo(1 / (1 + Math.exp(-0.3)), 4);
    expect(opaque.opacity).toBe(1);
    expect(faint.opacity).toBeCloseTo(1 / (1 + Math.exp(5)), 4);
    expect(broken).toMatchObject({ opacity: 0, position: [0, 0, 0] });
    expect(half.base).toEqual([0.125, -1.5, 1000]);
    expect(faint.base).toEqual([-2, 65504, 3]);
    // One plane alone is the first of the two.
    expect(pack(scene, 1)).toEqual(words.subarray(0, 16));
  });
});

/** Twin of shaders/common/spherical-harmonics.wgsl: a splat's coefficients, and the scale of each degree. */
function unpackHarmonics(bytes: Uint8Array, splat: number, count: number, degree: ShDegree) {
  const plane = (k: number): Uint8Array => bytes.subarray(16 * (k * count + splat), 16 * (k * count + splat) + 16);
  const scale = (bits: number): number => new Float32Array(Uint32Array.of((bits + 112 * 8) << 20).buffer)[0];
  const scales = [plane(0)[9], ...(degree > 1 ? [plane(1)[15]] : []), ...(degree > 2 ? [plane(2)[15]] : [])].map(scale);
  const parts = [
    plane(0).slice(0, 9),
    ...(degree > 1 ? [plane(1).slice(0, 15)] : []),
    ...(degree > 2 ? [Uint8Array.of(...plane(0).slice(10), ...plane(2).slice(0, 15))] : []),
  ];
  return { scales, numbers: parts.map((part, k) => [...new Int8Array(part.buffer)].map((x) => (x / 127) * scales[k])) };
}

describe('the harmonics above degree 0', () => {
  const pack = (scene: SplatScene): Uint8Array => new Uint8Array(packHarmonics(scene, 0, scene.count).slice().buffer);
  const ends = [0, 9, 24, 45];

  test.each([1, 2, 3] as const)('come back within half a step of what each degree of a splat needs: %i', (degree) => {
    const count = 300;
    const scene = createScene(count, degree, meta);
    const random = seededRandom(degree);
    const width = 3 * shRestCount(degree);
    for (let i = 0; i < count; i++) {
      const amplitudes = [2, 0.3, 0.01].map((usual) => usual * 4 ** (10 * random() - 5));
      for (let k = 0; k < width; k++)
        scene.shRest[i * width + k] = amplitudes[ends.findIndex((end) => k < end) - 1] * (random() * 2 - 1);
    }
    const bytes = pack(scene);
    for (let i = 0; i < count; i++) {
      const { scales, numbers } = unpackHarmonics(bytes, i, count, degree);
      numbers.forEach((band, k) => {
        const own = scene.shRest.subarray(i * width + ends[k], i * width + ends[k + 1]);
        const largest = Math.max(...own.map(Math.abs));
        expect(scales[k]).toBeGreaterThanOrEqual(largest);
        expect(scales[k]).toBeLessThanOrEqual(Math.max(1.13 * largest, 2 ** -15));
        band.forEach((x, j) => expect(Math.abs(x - own[j])).toBeLessThanOrEqual((scales[k] / 254) * 1.0001));
      });
    }
  });

  test('zeros stay zeros, the largest is cut off at 122,880, and what is no number harms no neighbour', () => {
    const scene = createScene(3, 1, meta);
    scene.shRest.set([1e6, -1e6, 61440, 0, 0, 0, 0, 0, 0], 9);
    scene.shRest.set([NaN, Infinity, -Infinity, 0, 0, 0, 0, 0, 0], 18);
    const bytes = pack(scene);
    const [zeros, large, broken] = [0, 1, 2].map((i) => unpackHarmonics(bytes, i, 3, 1));
    expect(zeros.numbers[0]).toEqual(new Array(9).fill(0));
    expect(large.numbers[0].slice(0, 2)).toEqual([122_880, -122_880]);
    expect(Math.abs(large.numbers[0][2] - 61_440)).toBeLessThan(500);
    expect(broken.numbers[0].every(Number.isFinite)).toBe(true);
  });
});
