import { expect, it } from 'vitest';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { SH_C0 } from '../../../renderer/core/splat-scene.ts';
import { visibilityFeatures, visibilityWidth } from '../../../renderer/refine/visibility.ts';
import { FragmentRasteriser, visibilitySum } from '../../../renderer/refine/fragment-rasteriser.ts';
import { features, sceneOf, stride } from './random-features.ts';

const white = 0.5 / SH_C0;

const camera: CameraParameters = {
  worldToView: lookAtWorldToView({
    position: [2.6, -1.4, 1.9],
    target: [0.5, 0.5, 0.5],
    up: [0, 0, 1],
    rollDegrees: 0,
  }),
  fx: 130,
  fy: 130,
  cx: 32,
  cy: 24,
  width: 64,
  height: 48,
};

it('splits the picture of the CPU twin among the splats it is made of', () => {
  const values = features(300, () => white);
  const sums = new Float32Array(300 * visibilitySum.width);
  new FragmentRasteriser(values, stride).accumulateVisibility(camera, sums);
  const coverage = renderReference(sceneOf(values), camera, [0, 0, 0]).filter((_, i) => i % 3 === 0);
  const total = (column: number) =>
    sums.reduce((sum, value, i) => (i % visibilitySum.width === column ? sum + value : sum), 0);
  const pixels = coverage.reduce((sum, c) => sum + c, 0);
  const squares = coverage.reduce((sum, c) => sum + c * c, 0);
  expect(pixels).toBeGreaterThan(100);
  expect(total(visibilitySum.weight) / pixels).toBeCloseTo(1, 5);
  const { colour, coverage: covered } = visibilitySum;
  for (const column of [colour, colour + 1, colour + 2, covered]) expect(total(column) / squares).toBeCloseTo(1, 5);
  // What lies behind a pixel's depth and what lies before it weigh the same.
  expect(Math.abs(total(visibilitySum.depthBehind)) / pixels).toBeLessThan(1e-5);
});

it('tells what is hidden, what colour stands before it, and how far behind it is', async () => {
  // A dark splat in the middle of a dense white ball, and the same splat alone.
  const ball = features(2_000, () => white);
  for (let i = 0; i < 2_000; i++) {
    const row = ball.subarray(i * stride, (i + 1) * stride);
    const away = [row[0] - 0.5, row[1] - 0.5, row[2] - 0.5];
    const length = Math.hypot(...away);
    for (let k = 0; k < 3; k++) {
      row[k] = 0.5 + (0.3 * away[k]) / length;
      row[3 + k] = -3.5;
    }
    row[6] = 3;
  }
  const dark = Float32Array.from({ length: stride }, (_, k) =>
    k < 3 ? 0.5 : k < 6 ? -3.5 : k === 6 ? 3 : k === 7 ? 1 : k > 10 && k < 14 ? -white : 0,
  );
  const inside = new Float32Array(2_001 * stride);
  inside.set(ball);
  inside.set(dark, 2_000 * stride);
  const shares: number[] = [];
  const seen = await visibilityFeatures(inside, stride, null, (share) => Promise.resolve(void shares.push(share)));
  expect(shares).toEqual(Array.from({ length: 24 }, (_, i) => i / 24));
  const middle = seen.subarray(2_000 * visibilityWidth);
  for (const ring of [0, 7]) {
    expect(middle[ring + 1]).toBeLessThan(0.1);
    expect(seen[ring + 1]).toBeGreaterThan(0.1);
  }
  const alone = await visibilityFeatures(dark, stride, null, () => Promise.resolve());
  for (const ring of [0, 7]) {
    expect(alone[ring + 1]).toBeGreaterThan(0.9);
    for (let k = 2; k < 5; k++) expect(Math.abs(alone[ring + k])).toBeLessThan(0.02);
    expect(Math.abs(alone[ring + 6])).toBeLessThan(0.01);
  }
  // From below, a splat just under the ball's skin shows the skin's white before it.
  const under = inside.slice();
  under.set([0.5 + 0.27, 0.5, 0.5], 2_000 * stride);
  const skin = (await visibilityFeatures(under, stride, null, () => Promise.resolve())).subarray(
    2_000 * visibilityWidth,
  );
  for (let k = 2; k < 5; k++) expect(skin[k]).toBeGreaterThan(0.5);
  expect(skin[6]).toBeGreaterThan(0.1);
});

it('has nothing to say of splats that no view shows', async () => {
  const far = features(1, () => 0);
  far[6] = -20;
  expect(
    [...(await visibilityFeatures(far, stride, null, () => Promise.resolve()))].every((x) => Math.abs(x) < 1e-6),
  ).toBe(true);
});
