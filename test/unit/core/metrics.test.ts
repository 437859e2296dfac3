import { describe, expect, it } from 'vitest';
import { finiteMean, psnr, ssim } from '../../../renderer/core/metrics.ts';
import type { MeasuredPicture } from '../../../renderer/core/metrics.ts';

/** Repeatable numbers of 0..1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A smooth picture with noise of strength `noise`, as floats of 0..1, RGB. */
function picture(width: number, height: number, noise: number, seed: number): MeasuredPicture {
  const next = generator(seed);
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    const smooth = 0.5 + 0.4 * Math.sin((pixel % width) / 5 + (i % 3)) * Math.cos(Math.floor(pixel / width) / 7);
    data[i] = Math.min(1, Math.max(0, smooth + noise * (next() - 0.5)));
  }
  return { width, height, data };
}

/** SSIM by its definition: a two-dimensional window at every pixel, zeros beyond the border. */
function naiveSsim(a: MeasuredPicture, b: MeasuredPicture): number {
  const weights: number[] = [];
  for (let dy = -5; dy <= 5; dy++)
    for (let dx = -5; dx <= 5; dx++) weights.push(Math.exp(-(dx * dx + dy * dy) / (2 * 1.5 * 1.5)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { width, height } = a;
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let [mx, my, xx, yy, xy] = [0, 0, 0, 0, 0];
        weights.forEach((weight, i) => {
          const [column, row] = [x + (i % 11) - 5, y + Math.floor(i / 11) - 5];
          if (column < 0 || row < 0 || column >= width || row >= height) return;
          const at = (row * width + column) * 3 + channel;
          const [u, v, w] = [a.data[at], b.data[at], weight / total];
          mx += w * u;
          my += w * v;
          xx += w * u * u;
          yy += w * v * v;
          xy += w * u * v;
        });
        sum +=
          ((2 * mx * my + 1e-4) * (2 * (xy - mx * my) + 9e-4)) /
          ((mx * mx + my * my + 1e-4) * (xx - mx * mx + yy - my * my + 9e-4));
      }
    }
  }
  return sum / (width * height * 3);
}

describe('psnr', () => {
  it('is what the formula gives for one wrong byte', () => {
    const black: MeasuredPicture = { width: 2, height: 1, data: new Uint8Array(6) };
    const spot: MeasuredPicture = { width: 2, height: 1, data: Uint8Array.of(0, 51, 0, 0, 0, 0) };
    // 51/255 = 0.2; 0.04 over six numbers.
    expect(psnr(black, spot)).toBeCloseTo(-10 * Math.log10(0.04 / 6), 10);
  });

  it('leaves alpha out and takes bytes against floats', () => {
    const rgba: MeasuredPicture = { width: 1, height: 1, data: Uint8ClampedArray.of(255, 0, 51, 7) };
    expect(psnr(rgba, { width: 1, height: 1, data: Float32Array.of(1, 0.1, 0.2) })).toBeCloseTo(
      -10 * Math.log10(0.01 / 3),
      5,
    );
    expect(psnr(rgba, { width: 1, height: 1, data: Uint8Array.of(255, 0, 51) })).toBe(Infinity);
  });

  it('refuses pictures of different sizes', () => {
    const of = (width: number): MeasuredPicture => ({ width, height: 1, data: new Uint8Array(width * 3) });
    expect(() => psnr(of(2), of(3))).toThrow(/2 x 1 and 3 x 1/);
    expect(() => ssim(of(2), of(3))).toThrow(/2 x 1 and 3 x 1/);
    expect(() => psnr({ width: 2, height: 1, data: new Uint8Array(4) }, of(2))).toThrow(/3 or 4 numbers/);
  });
});

describe('ssim', () => {
  it.each([
    [33, 21, 0.3],
    [7, 40, 0.05],
    [40, 3, 0.8],
    [1, 1, 1],
  ])('agrees with the definition at %i x %i', (width, height, noise) => {
    const [a, b] = [picture(width, height, 0, 1), picture(width, height, noise, 2)];
    expect(ssim(a, b)).toBeCloseTo(naiveSsim(a, b), 10);
  });

  it("gives what INRIA's loss_utils.ssim gives in PyTorch (float32)", () => {
    // A ramp against its square, 32 x 24, equal in all channels: computed once with the program's own function.
    const ramp = (power: number): MeasuredPicture => ({
      width: 32,
      height: 24,
      data: Float32Array.from(
        { length: 32 * 24 * 3 },
        (_, i) => (((Math.floor(i / 3) % 32) + Math.floor(Math.floor(i / 3) / 32)) / 54) ** power,
      ),
    });
    expect(ssim(ramp(1), ramp(2))).toBeCloseTo(0.68306905, 5);
  });

  it('is 1 for equal pictures and near 0 for noise', () => {
    const a = picture(30, 30, 0.2, 5);
    expect(ssim(a, a)).toBeCloseTo(1, 12);
    const noise = (seed: number): MeasuredPicture => {
      const next = generator(seed);
      return { width: 40, height: 40, data: Float32Array.from({ length: 4800 }, next) };
    };
    expect(Math.abs(ssim(noise(1), noise(9)))).toBeLessThan(0.1);
  });

  it('takes bytes as their share of 255', () => {
    const bytes = (p: MeasuredPicture): MeasuredPicture => ({
      ...p,
      data: Uint8Array.from(p.data, (value) => Math.round(value * 255)),
    });
    const floats = (p: MeasuredPicture): MeasuredPicture => ({
      ...p,
      data: Float32Array.from(p.data, (value) => value / 255),
    });
    const [a, b] = [bytes(picture(20, 12, 0, 1)), bytes(picture(20, 12, 0.4, 3))];
    expect(ssim(a, b)).toBeCloseTo(ssim(floats(a), floats(b)), 6);
  });
});

it('a mean passes over the infinite', () => {
  expect(finiteMean([20, Infinity, 30])).toBe(25);
  expect(finiteMean([Infinity])).toBeNull();
  expect(finiteMean([])).toBeNull();
});
