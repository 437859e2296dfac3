import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { JobControl } from '../../../renderer/refine/job-control.ts';
import type { Evidence } from '../../../renderer/refine/evidence.ts';
import type { RefineManifest } from '../../../renderer/refine/manifest.ts';
import { prepareInput } from '../../../renderer/refine/refine-input.ts';
import { allocateResiduals } from '../../../renderer/refine/residuals.ts';
import { proveResiduals } from '../../../renderer/refine/scene-proof.ts';
import { madeScene } from './made-scenes.ts';

describe('an answer to a lone object', () => {
  let manifest: RefineManifest;
  beforeAll(async () => ({ manifest } = await openModel()));

  /** Mean strengths of a change of all colours, of splats that only views from above see, and of the others. */
  async function provedBy(evidence: Evidence, change: number) {
    const dish = madeScene([
      { count: 1500, place: (u, v) => [1.8 * u - 0.9, 1.8 * v - 0.9, -0.25], size: 0.04, opacityLogit: 6 },
      { count: 1500, place: rim, size: 0.04, opacityLogit: 6 },
    ]);
    const input = await prepareInput(dish, manifest, { up: 'z' }, new JobControl({}));
    const values = allocateResiduals(manifest, input.rows.length);
    values.features_dc.fill(change);
    const report = await proveResiduals(input, values, manifest, 1, evidence, () => Promise.resolve());
    const mean = (from: number, to: number) =>
      values.features_dc.subarray(3 * from, 3 * to).reduce((sum, value) => sum + value, 0) / (3 * (to - from) * change);
    return { report, inside: mean(0, 1500), outside: mean(1500, 3000) };
  }

  it('may change what low views hardly see, where the axis is sure', async () => {
    const { report, inside, outside } = await provedBy({ kind: 'lowViews' }, 0.5);
    expect(report).toMatchObject({ evidence: 'lowViews', views: 12 });
    expect(report.psnrDb).toBeGreaterThanOrEqual(40);
    expect(outside).toBeLessThan(0.2);
    expect(inside).toBeGreaterThan(2 * outside);
  });

  it('may change nothing that shows from any side, where the axis is doubted', async () => {
    const { report, inside, outside } = await provedBy({ kind: 'around' }, 0.5);
    expect(report).toMatchObject({ evidence: 'around', views: 16 });
    expect(report.psnrDb ?? Infinity).toBeGreaterThanOrEqual(57);
    expect(Math.max(inside, outside)).toBeLessThan(0.05);
  });
});

/** A wall around a square, from its ground up. */
function rim(u: number, v: number): [number, number, number] {
  const [x, y] = onSquare(4 * u);
  return [x, y, v - 0.5];
}

function onSquare(way: number): [number, number] {
  const along = 2 * (way % 1) - 1;
  const side = Math.floor(way) % 4;
  return side === 0 ? [along, -1] : side === 1 ? [along, 1] : side === 2 ? [-1, along] : [1, along];
}
