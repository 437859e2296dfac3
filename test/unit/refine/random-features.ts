import type { SplatScene } from '../../../renderer/core/splat-scene.ts';

/** Numbers a splat at degree 1. */
export const stride = 23;

/** (n, 23) features of splats in the unit cube from numbers that look random. */
export function features(n: number, colour: (row: number) => number): Float32Array {
  let state = 1;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const out = new Float32Array(n * stride);
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * stride, (i + 1) * stride);
    for (let k = 0; k < 3; k++) {
      row[k] = random();
      row[3 + k] = -2.5 - 2 * random();
      row[11 + k] = colour(i);
    }
    row[6] = 4 * random() - 1;
    for (let k = 7; k < 11; k++) row[k] = random() - 0.5;
  }
  return out;
}

export function sceneOf(values: Float32Array): SplatScene {
  const count = values.length / stride;
  const column = (from: number, width: number) =>
    Float32Array.from({ length: count * width }, (_, i) => values[Math.floor(i / width) * stride + from + (i % width)]);
  return {
    count,
    shDegree: 1,
    positions: column(0, 3),
    logScales: column(3, 3),
    logitOpacities: column(6, 1),
    quats: column(7, 4),
    shDc: column(11, 3),
    shRest: column(14, 9),
    meta: { format: 'ply' },
  } as SplatScene;
}
