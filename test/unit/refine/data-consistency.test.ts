import { expect, it } from 'vitest';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import type { Restoration } from '../../../renderer/refine/data-consistency.ts';
import { enforceDataConsistency } from '../../../renderer/refine/data-consistency.ts';
import { cubeCamera, ringCamera, ringCameras } from '../../../renderer/refine/ring-cameras.ts';
import { features, sceneOf, stride } from './random-features.ts';

const splats = 400;
const changing = [6, 11, 12, 13];
const ring = ringCameras('consistency');

/** A scene, and the same one as a network might have left it: coloured and lit otherwise, and a little moved. */
function scenes(): { before: Float32Array; after: Float32Array } {
  const before = features(splats, (i) => (i % 10 === 5 ? -2.5 : ((i * 37) % 100) / 100 - 0.5));
  for (let i = 0; i < splats; i++) {
    // Opaque ones, whose alpha is cut off; and colours that turn with the view, some of them cut off at 0.
    if (i % 10 === 0) before[i * stride + 6] = 7;
    for (let column = 14; column < stride; column++)
      before[i * stride + column] = (((i * 5 + column * 3) % 7) - 3) / 10;
  }
  const after = before.map((value, at) => {
    const column = at % stride;
    const shift = (((Math.floor(at / stride) * 7 + column * 13) % 11) - 5) / 5;
    return value + shift * (column < 3 ? 0.004 : column === 6 ? 0.8 : column > 10 && column < 14 ? 0.3 : 0);
  });
  return { before, after };
}

/** All of its splats may move, and its low views are the ring. */
function scene(before: Float32Array, after: Float32Array): Restoration {
  return { before, after, stride, changed: Int32Array.from({ length: splats }, (_, i) => i), lowViews: ring };
}

/** Mean squared difference of a view over a background, in dB. */
function likeness(
  a: Float32Array,
  b: Float32Array,
  camera: CameraParameters,
  background: [number, number, number],
): number {
  const [first, second] = [a, b].map((values) => renderReference(sceneOf(values), camera, background));
  return -10 * Math.log10(first.reduce((sum, value, i) => sum + (value - second[i]) ** 2, 0) / first.length);
}

it('brings the low views back over any background, and leaves those from above nearer to the change', async () => {
  const { before, after } = scenes();
  const answer = after.slice();
  const shares: number[] = [];
  await enforceDataConsistency(scene(before, answer), (done) => Promise.resolve(void shares.push(done)));
  for (const background of [
    [0, 0, 0],
    [1, 1, 1],
  ] as [number, number, number][]) {
    for (const view of [0, 3, 7]) {
      const camera = ringCamera('consistency', view);
      expect(likeness(answer, before, camera, background)).toBeGreaterThan(
        likeness(after, before, camera, background) + 6,
      );
    }
  }
  const above = ringCamera('high', 2);
  expect(likeness(answer, after, above, [0, 0, 0])).toBeGreaterThan(likeness(before, after, above, [0, 0, 0]));
  answer.forEach((value, at) => {
    if (!changing.includes(at % stride)) expect(value).toBe(after[at]);
  });
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBeLessThan(1);
});

it('moves nothing where nothing was changed, nor what no view sees', async () => {
  const { before, after } = scenes();
  const same = before.slice();
  await enforceDataConsistency(scene(before, same), () => Promise.resolve());
  same.forEach((value, at) => expect(Math.abs(value - before[at])).toBeLessThan(1e-4));
  const hidden = 5 * stride;
  after[hidden + 6] = -20;
  const answer = after.slice();
  await enforceDataConsistency(scene(before, answer), () => Promise.resolve());
  for (const column of changing) expect(answer[hidden + column]).toBe(after[hidden + column]);
});

it('answers as it did in training, where each step took all views and was written in C++', async () => {
  const { before, after } = scenes();
  await enforceDataConsistency(scene(before, after), () => Promise.resolve(), 1);
  const moved = [100, 105, 399].flatMap((splat) => changing.map((column) => after[splat * stride + column]));
  const expected = [
    7.4777, -0.5148, -0.5035, -0.5259, 2.9705, -2.0834, -2.2521, -2.1713, -0.1333, 0.2399, 0.1092, 0.092,
  ];
  expected.forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 3));
});

it('comes as near to the low views in steps of a third of the views as in steps of all of them', async () => {
  const { before, after } = scenes();
  const [thirds, whole] = [after.slice(), after.slice()];
  await enforceDataConsistency(scene(before, thirds), () => Promise.resolve(), 3);
  await enforceDataConsistency(scene(before, whole), () => Promise.resolve(), 1);
  for (const view of [1, 6, 10]) {
    const camera = ringCamera('consistency', view);
    const [near, nearest] = [thirds, whole].map((answer) => likeness(answer, before, camera, [0, 0, 0]));
    expect(near).toBeGreaterThan(nearest - 0.5);
  }
});

it('ends where it is told to', async () => {
  const { before, after } = scenes();
  const stop = new Error('stop');
  await expect(
    enforceDataConsistency(scene(before, after), (done) => (done > 0.5 ? Promise.reject(stop) : Promise.resolve())),
  ).rejects.toBe(stop);
});

it('brings given views back, by the splats that may move alone', async () => {
  const { before, after } = scenes();
  const lowViews = [0, 1, 2, 3].map((k) => cubeCamera([Math.cos(k), Math.sin(k), 0], 1.4));
  // Every third splat is as it was, and stays so.
  const changed = Int32Array.from({ length: splats }, (_, i) => i).filter((i) => i % 3 > 0);
  for (let i = 0; i < splats; i += 3) after.set(before.subarray(i * stride, (i + 1) * stride), i * stride);
  const answer = after.slice();
  await enforceDataConsistency({ before, after: answer, stride, changed, lowViews }, () => Promise.resolve());
  const gains = lowViews.map(
    (camera) => likeness(answer, before, camera, [0, 0, 0]) - likeness(after, before, camera, [0, 0, 0]),
  );
  expect(Math.min(...gains)).toBeGreaterThan(0.5);
  expect(Math.max(...gains)).toBeGreaterThan(4);
  for (let i = 0; i < splats; i += 3)
    expect(answer.subarray(i * stride, (i + 1) * stride)).toEqual(before.subarray(i * stride, (i + 1) * stride));
});
