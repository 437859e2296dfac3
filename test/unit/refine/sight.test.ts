import { expect, it } from 'vitest';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { SH_C0 } from '../../../renderer/core/splat-scene.ts';
import { holesOf, SightGatherer, sightOf, sightViews, sightWidth, viewsOfRing } from '../../../renderer/refine/sight.ts';

const stride = 23;
const white = 0.5 / SH_C0;

/** (n, 23) features of splats in the unit cube from numbers that look random. */
function features(n: number, colour: (row: number) => number): Float32Array {
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

function sceneOf(values: Float32Array): SplatScene {
  const count = values.length / stride;
  const column = (from: number, width: number) => Float32Array.from({ length: count * width }, (_, i) => values[Math.floor(i / width) * stride + from + (i % width)]);
  return {
    count, shDegree: 1, positions: column(0, 3), logScales: column(3, 3), logitOpacities: column(6, 1), quats: column(7, 4), shDc: column(11, 3), shRest: column(14, 9),
    meta: { format: 'ply' },
  } as SplatScene;
}

const camera: CameraParameters = {
  worldToView: lookAtWorldToView({ position: [2.6, -1.4, 1.9], target: [0.5, 0.5, 0.5], up: [0, 0, 1], rollDegrees: 0 }),
  fx: 130, fy: 130, cx: 32, cy: 24, width: 64, height: 48,
};

it('splits the picture of the CPU twin among the splats it is made of', () => {
  const values = features(300, () => white);
  const sums = new Float32Array(300 * 7);
  new SightGatherer(values, stride).add(camera, sums);
  const coverage = renderReference(sceneOf(values), camera, [0, 0, 0]).filter((_, i) => i % 3 === 0);
  const total = (column: number) => sums.reduce((sum, value, i) => (i % 7 === column ? sum + value : sum), 0);
  const pixels = coverage.reduce((sum, c) => sum + c, 0);
  const squares = coverage.reduce((sum, c) => sum + c * c, 0);
  expect(pixels).toBeGreaterThan(100);
  expect(total(0) / pixels).toBeCloseTo(1, 5);
  for (const column of [1, 2, 3, 4]) expect(total(column) / squares).toBeCloseTo(1, 5);
  // What lies behind a pixel's depth and what lies before it weigh the same.
  expect(Math.abs(total(5)) / pixels).toBeLessThan(1e-5);
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
  const dark = Float32Array.from({ length: stride }, (_, k) => (k < 3 ? 0.5 : k < 6 ? -3.5 : k === 6 ? 3 : k === 7 ? 1 : k > 10 && k < 14 ? -white : 0));
  const inside = new Float32Array(2_001 * stride);
  inside.set(ball);
  inside.set(dark, 2_000 * stride);
  const views: number[] = [];
  const seen = await sightOf(inside, stride, (done) => Promise.resolve(void views.push(done)));
  expect(views).toEqual(Array.from({ length: sightViews }, (_, i) => i));
  const middle = seen.subarray(2_000 * sightWidth);
  for (const ring of [0, 7]) {
    expect(middle[ring + 1]).toBeLessThan(0.1);
    expect(seen[ring + 1]).toBeGreaterThan(0.1);
  }
  const alone = await sightOf(dark, stride, () => Promise.resolve());
  for (const ring of [0, 7]) {
    expect(alone[ring + 1]).toBeGreaterThan(0.9);
    for (let k = 2; k < 5; k++) expect(Math.abs(alone[ring + k])).toBeLessThan(0.02);
    expect(Math.abs(alone[ring + 6])).toBeLessThan(0.01);
  }
  // From below, a splat just under the ball's skin shows the skin's white before it.
  const under = inside.slice();
  under.set([0.5 + 0.27, 0.5, 0.5], 2_000 * stride);
  const skin = (await sightOf(under, stride, () => Promise.resolve())).subarray(2_000 * sightWidth);
  for (let k = 2; k < 5; k++) expect(skin[k]).toBeGreaterThan(0.5);
  expect(skin[6]).toBeGreaterThan(0.1);
});

it('has nothing to say of splats that no view shows', async () => {
  const far = features(1, () => 0);
  far[6] = -20;
  expect([...(await sightOf(far, stride, () => Promise.resolve()))].every((x) => Math.abs(x) < 1e-6)).toBe(true);
});

it('names the splats whose going opens a hole in what was solid, and no floater', async () => {
  // A closed slab that fills the views from above, and a faint splat that floats beside it.
  const n = 40;
  const slab = new Float32Array((n * n + 1) * stride);
  for (let i = 0; i <= n * n; i++) {
    const row = slab.subarray(i * stride, (i + 1) * stride);
    const floats = i === n * n;
    row.set(floats ? [1, 1, 0.9] : [0.2 + (0.6 * (i % n)) / n, 0.2 + (0.6 * Math.floor(i / n)) / n, 0.5]);
    row.fill(-4.2, 3, 6);
    row[6] = floats ? -1 : 4;
    row[7] = 1;
  }
  const gone = (first: number, last: number) => slab.map((value, at) => (at % stride === 6 && Math.floor(at / stride) >= first && Math.floor(at / stride) <= last ? value - 12 : value));
  const views: number[] = [];
  const holes = await holesOf(slab, gone(14 * n, 26 * n), stride, (done) => Promise.resolve(void views.push(done)));
  expect(views).toHaveLength(viewsOfRing);
  expect(holes[20 * n + 20]).toBe(1);
  expect(holes[2 * n + 20]).toBe(0);
  // What goes nearly whole was fog.
  expect(Math.max(...(await holesOf(slab, gone(0, n * n), stride, () => Promise.resolve())))).toBe(0);
  expect(Math.max(...(await holesOf(slab, gone(n * n, n * n), stride, () => Promise.resolve())))).toBe(0);
});
