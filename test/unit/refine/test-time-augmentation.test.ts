import { expect, it } from 'vitest';
import { SH_C0 } from '../../../renderer/core/splat-scene.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import type { AttributeName } from '../../../renderer/refine/attributes.ts';
import { accumulateInverse, augment, augmentations } from '../../../renderer/refine/test-time-augmentation.ts';
import { ringCamera } from '../../../renderer/refine/ring-cameras.ts';
import { features, sceneOf, stride } from './random-features.ts';

const splats = 60;

/** Splats with unit quaternions and colours that turn with the view. */
function scene(): Float32Array {
  const values = features(splats, (row) => (row % 7) / 7);
  for (let i = 0; i < splats; i++) {
    const quat = values.subarray(i * stride + 7, i * stride + 11);
    const length = Math.hypot(...quat) * (quat[0] < 0 ? -1 : 1);
    for (let k = 0; k < 4; k++) quat[k] /= length;
    for (let k = 14; k < stride; k++) values[i * stride + k] = ((i * 5 + k * 3) % 7) / 20;
    for (let k = 11; k < 14; k++) values[i * stride + k] += (k - 12) / 5 + 0.3 / SH_C0;
  }
  return values;
}

/** Attributes as a network answers them, from (n, 23) numbers. */
function split(values: Float32Array): Record<AttributeName, Float32Array> {
  const part = (from: number, width: number) =>
    Float32Array.from(
      { length: splats * width },
      (_, i) => values[Math.floor(i / width) * stride + from + (i % width)],
    );
  return {
    means: part(0, 3),
    scales: part(3, 3),
    opacities: part(6, 1),
    quats: part(7, 4),
    features_dc: part(11, 3),
    features_rest: part(14, 9),
  };
}

it.each(augmentations.map((augmentation, index) => ({ augmentation, index })))(
  'form $index looks as the scene does from a turned and mirrored camera, channels in its order',
  ({ augmentation }) => {
    const before = scene();
    const { features: turned } = augment(before, stride, augmentation);
    const { quarterTurns, mirrored, channels } = augmentation;
    // Twelve views a ring, three of them a quarter turn; mirroring in x takes azimuth a to 180 degrees - a, which is
    // view 5 - v of the ring.
    const view = 2;
    const [first, second] = [
      renderReference(sceneOf(before), ringCamera('high', view), [0, 0, 0]),
      renderReference(
        sceneOf(turned),
        ringCamera('high', ((mirrored ? 5 - view : view) + 3 * quarterTurns) % 12),
        [0, 0, 0],
      ),
    ];
    const size = Math.sqrt(first.length / 3);
    const sameElevation = view % 2 === ((mirrored ? 5 - view : view) + 3 * quarterTurns) % 2;
    expect(sameElevation).toBe(true);
    let [largest, brightest] = [0, 0];
    for (let pixel = 0; pixel < size * size; pixel++) {
      const seen = mirrored ? pixel - (pixel % size) + (size - 1 - (pixel % size)) : pixel;
      for (let k = 0; k < 3; k++) {
        largest = Math.max(largest, Math.abs(first[3 * pixel + channels[k]] - second[3 * seen + k]));
        brightest = Math.max(brightest, second[3 * seen + k]);
      }
    }
    expect(brightest).toBeGreaterThan(0.3);
    expect(largest).toBeLessThan(1e-3);
  },
);

it.each(augmentations.map((augmentation, index) => ({ augmentation, index })))(
  'what is answered to form $index comes back as of the scene',
  ({ augmentation }) => {
    const before = scene();
    const after = before.map((value, i) => value + 0.01 * Math.sin(i));
    const forms = [before, after].map((values) => augment(values, stride, augmentation));
    // Both quaternions must have been given the same sign for their difference to be one.
    const answer = forms[0].features.map((value, i) => {
      const signs =
        i % stride >= 7 && i % stride < 11
          ? forms[0].signs[Math.floor(i / stride)] * forms[1].signs[Math.floor(i / stride)]
          : 1;
      return signs * forms[1].features[i] - value;
    });
    const sums = split(new Float32Array(before.length));
    for (let time = 0; time < 2; time++) accumulateInverse(split(answer), forms[0].signs, augmentation, 0.5, sums);
    const wanted = split(after.map((value, i) => value - before[i]));
    for (const name of Object.keys(wanted) as AttributeName[])
      wanted[name].forEach((value, i) => expect(sums[name][i]).toBeCloseTo(value, 5));
  },
);

it('gives what is seen of splats in the order of channels, and leaves the rest of it', () => {
  const wide = 37;
  const values = Float32Array.from({ length: 2 * wide }, (_, i) => i);
  const { features: turned } = augment(values, wide, augmentations[1]);
  const row = [...turned.subarray(wide + 23)].map((value) => value - wide - 23);
  expect(row).toEqual([0, 1, 3, 4, 2, 5, 6, 7, 8, 10, 11, 9, 12, 13]);
});
