import { expect, it } from 'vitest';
import { coverageGuardWeights } from '../../../renderer/refine/coverage-guard.ts';
import { viewsPerRing } from '../../../renderer/refine/ring-cameras.ts';
import { stride } from './random-features.ts';

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
  const gone = (first: number, last: number) =>
    slab.map((value, at) =>
      at % stride === 6 && Math.floor(at / stride) >= first && Math.floor(at / stride) <= last ? value - 12 : value,
    );
  const views: number[] = [];
  const holes = await coverageGuardWeights(slab, gone(14 * n, 26 * n), stride, (done) =>
    Promise.resolve(void views.push(done)),
  );
  expect(views).toHaveLength(viewsPerRing);
  expect(holes[20 * n + 20]).toBe(1);
  expect(holes[2 * n + 20]).toBe(0);
  // What goes nearly whole was fog.
  expect(Math.max(...(await coverageGuardWeights(slab, gone(0, n * n), stride, () => Promise.resolve())))).toBe(0);
  expect(Math.max(...(await coverageGuardWeights(slab, gone(n * n, n * n), stride, () => Promise.resolve())))).toBe(0);
});
