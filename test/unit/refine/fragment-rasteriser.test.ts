import { expect, it } from 'vitest';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { FragmentRasteriser } from '../../../renderer/refine/fragment-rasteriser.ts';
import { ringCamera } from '../../../renderer/refine/ring-cameras.ts';
import { features, sceneOf, stride } from './random-features.ts';

/** A picture whose width is no multiple of what the kernels draw at once. */
const camera: CameraParameters = { ...ringCamera('high', 3, 61), width: 59, height: 61, near: 0.2 };

function worstDifference(values: Float32Array, at: CameraParameters, rasteriser: FragmentRasteriser): number {
  const wanted = renderReference(sceneOf(values), at, [0, 0, 0]);
  return rasteriser.render(at).colour.reduce((worst, x, i) => Math.max(worst, Math.abs(x - wanted[i])), 0);
}

it('draws needles, giants, specks and what is cut off at every border as the CPU twin does', () => {
  const values = features(401, (i) => ((i * 37) % 100) / 50 - 1);
  for (let i = 0; i < 401; i++) {
    const row = values.subarray(i * stride, (i + 1) * stride);
    if (i % 5 === 0) row.set([-2, -7, -7], 3);
    if (i % 7 === 0) row.fill(-9, 3, 6);
    if (i % 50 === 0) [row[3], row[6]] = [1.5, -4];
    for (let k = 14; k < stride; k++) row[k] = Math.sin(i * k) / 3;
  }
  const rasteriser = new FragmentRasteriser(values, stride);
  expect(worstDifference(values, camera, rasteriser)).toBeLessThan(2e-4);
  // From within, where splats stand behind, beside and right before the lens.
  const { worldToView } = camera;
  const within = worldToView.map((x, i) => (i === 11 ? x - 3 : x));
  expect(worstDifference(values, { ...camera, worldToView: within }, rasteriser)).toBeLessThan(2e-4);
});

it('grows with a view of many fragments, and draws fewer splats afterwards', () => {
  const values = features(3_001, () => 0.5);
  for (let i = 0; i < 3_001; i++) [values[i * stride + 3], values[i * stride + 6]] = [-0.5, -5];
  const rasteriser = new FragmentRasteriser(values, stride);
  const large = ringCamera('low', 1, 150);
  expect(rasteriser.listFragments(large, 0).fragments.length).toBeGreaterThan(5_000_000);
  // Of thousands of fragments in a pixel one may fall on the other side of the least alpha, 1/255.
  expect(worstDifference(values, large, rasteriser)).toBeLessThan(4e-3);
  for (let i = 3; i < 3_001; i++) values[i * stride + 6] = -9;
  rasteriser.refresh(Int32Array.from({ length: 3_001 }, (_, i) => i));
  expect(worstDifference(values, camera, rasteriser)).toBeLessThan(2e-4);
  expect(rasteriser.listFragments(camera, 0).splats.toSorted()).toEqual(Int32Array.of(0, 1, 2));
});

it('draws nothing of a scene without splats, and takes splats without harmonics', () => {
  const nothing = new FragmentRasteriser(new Float32Array(0), stride);
  expect(nothing.render(camera).transmittance.every((light) => light === 1)).toBe(true);
  const values = features(90, (i) => i / 90);
  for (let i = 0; i < 90; i++) values.fill(0, i * stride + 14, (i + 1) * stride);
  const plain = Float32Array.from({ length: 90 * 14 }, (_, i) => values[Math.floor(i / 14) * stride + (i % 14)]);
  expect(worstDifference(values, camera, new FragmentRasteriser(plain, 14))).toBeLessThan(2e-4);
});

it('lists the fragments that weigh enough, of the splats that are asked for', () => {
  const values = features(200, () => 0.2);
  const rasteriser = new FragmentRasteriser(values, stride);
  const members = Int32Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? i / 3 : -1));
  const { members: found, ends, fragments } = rasteriser.listWeights(camera, members, 0.01);
  expect(found.length).toBeGreaterThan(10);
  expect(new Set(found).size).toBe(found.length);
  expect(Math.max(...found)).toBeLessThan(67);
  const weights = new Float32Array(fragments.buffer).filter((_, i) => i % 2 === 1);
  expect(Math.min(...weights)).toBeGreaterThanOrEqual(Math.fround(0.01));
  expect(ends.at(-1)).toBe(weights.length);
  // By other means: the weights of all fragments, of which those are some.
  const sums = new Float32Array(400);
  rasteriser.accumulateWeighted(camera, ({ transmittance }) => transmittance.slice().fill(2), sums);
  const total = found.reduce((sum, member) => sum + sums[2 * 3 * member], 0);
  const listed = weights.reduce((sum, weight) => sum + weight, 0);
  expect(listed).toBeLessThanOrEqual(total * 1.0001);
  expect(listed).toBeGreaterThan(0.8 * total);
  expect(sums[1]).toBeCloseTo(2 * sums[0], 4);
});
