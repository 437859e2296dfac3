import { expect, test } from 'vitest';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { viewFrom } from '../../../renderer/refine/captured-views.ts';
import type { Claim } from '../../../renderer/refine/proof.ts';
import { proveAnswer } from '../../../renderer/refine/proof.ts';
import { drawnScene } from '../../../renderer/refine/region.ts';
import { madeScene } from './made-scenes.ts';

const stride = 23;
const ball = { centre: [0, 0, 0] as Vec3, radius: 1 };
const fromFront = [-0.3, -0.1, 0.1, 0.3].map((y) => viewFrom(ball, [Math.sqrt(1 - y * y), y, 0]));
const bounds = { tolerance: 0.002, psnrDb: 54, faint: 0.03 };
const noWait = () => Promise.resolve();

/** A wall of splats that the views see, and as many behind it that none of them sees. */
function wallClaim(change: (residual: Float32Array) => void): Claim {
  const wall = (x: number) => (u: number, v: number) => [x, 2.4 * u - 1.2, 2.4 * v - 1.2] as Vec3;
  const scene = madeScene([
    { count: 4000, place: wall(0.3), size: 0.06, opacityLogit: 6 },
    { count: 400, place: (u, v) => [-0.3, u - 0.5, v - 0.5], size: 0.03 },
  ]);
  const rows = Int32Array.from({ length: scene.count }, (_, row) => row);
  const normalization = { scale: 1, shift: [0, 0, 0], logScale: 0 } as const;
  const conventions = { quaternions: 'unit', colour: 'sh', shDegree: 1 } as const;
  const { features } = drawnScene(scene, rows, normalization, conventions);
  const residuals = new Float32Array(rows.length * stride);
  for (let row = 0; row < rows.length; row++) change(residuals.subarray(row * stride, (row + 1) * stride));
  return { before: features, stride, changed: rows, residuals };
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

test.each([
  ['colours', (residual: Float32Array) => void residual.fill(0.5, 11, 14)],
  ['opacities', (residual: Float32Array) => void residual.fill(-7, 6, 7)],
  ['sizes', (residual: Float32Array) => void residual.fill(1, 3, 6)],
])('%s that the views see are held, those that they do not see change', async (_name, change) => {
  const { strengths, psnrDb } = await proveAnswer(wallClaim(change), fromFront, bounds, noWait);
  expect(psnrDb).toBeGreaterThanOrEqual(bounds.psnrDb);
  expect(meanOf(strengths.subarray(0, 4000))).toBeLessThan(0.3);
  expect(meanOf(strengths.subarray(4000))).toBeGreaterThan(2 * meanOf(strengths.subarray(0, 4000)));
});

test('an answer that shows nowhere keeps its whole strength', async () => {
  const claim = wallClaim(() => undefined);
  const hidden = { ...claim, residuals: claim.residuals.slice() };
  for (let row = 4000; row < 4400; row++) hidden.residuals.fill(0.5, row * stride + 11, row * stride + 14);
  const { strengths } = await proveAnswer(hidden, fromFront, bounds, noWait);
  expect(meanOf(strengths.subarray(4000))).toBeGreaterThan(0.99);
});

test('an answer that no strength makes true is left out', async () => {
  // Numbers that are not finite show in every picture at every strength above 0.
  const claim = wallClaim((residual) => void residual.fill(Infinity, 11, 14));
  const { strengths, psnrDb } = await proveAnswer(claim, fromFront, bounds, noWait);
  expect(strengths.every((strength) => strength === 0)).toBe(true);
  expect(psnrDb).toBe(Infinity);
});

test.each([
  ['there are no views', []],
  ['the views show none of the splats', [viewFrom({ centre: [9, 0, 0], radius: 1 }, [-1, 0, 0])]],
])('nothing of an answer is kept where %s', async (_name, views) => {
  const claim = wallClaim((residual) => void residual.fill(0.5, 11, 14));
  const { strengths } = await proveAnswer(claim, views, bounds, noWait);
  expect(strengths.every((strength) => strength === 0)).toBe(true);
});

test('every picture that is drawn is told before, so that none can hold up a cancellation', async () => {
  const shares: number[] = [];
  const cancelled = proveAnswer(
    wallClaim(() => undefined),
    fromFront,
    bounds,
    (share) => {
      shares.push(share);
      return shares.length === 2 ? Promise.reject(new Error('cancelled')) : Promise.resolve();
    },
  );
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(shares[0]).toBe(0);
  expect(shares[1]).toBeLessThan(0.125);
});
