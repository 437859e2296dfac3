import { describe, expect, it } from 'vitest';
import { countMask, keepRows } from '../../../renderer/core/keep-rows.ts';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { ResidualBlend, applyResiduals } from '../../../renderer/refine/residual-blend.ts';
import type { RefineResiduals } from '../../../renderer/refine/residuals.ts';
import { keepResidualRows } from '../../../renderer/refine/residuals.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { bitsOf, randomScene } from '../io/fixtures.ts';

function residualsFor(count: number, shDegree: ShDegree, patch: Partial<RefineResiduals> = {}): RefineResiduals {
  const copies = patch.copies ?? 1;
  const rows = patch.rows ?? Int32Array.from({ length: count - 2 }, (_, i) => i + 1);
  const make = (width: number, seed: number): Float32Array =>
    Float32Array.from({ length: rows.length * copies * width }, (_, i) => Math.sin(i * 0.37 + seed) * 0.1);
  return {
    rows,
    copies,
    shDegree,
    values: {
      means: make(3, 1),
      scales: make(3, 2),
      quats: make(4, 3),
      opacities: make(1, 4),
      features_dc: make(3, 5),
      features_rest: make(3 * ((shDegree + 1) ** 2 - 1), 6),
    },
    logScale: 0,
    quaternions: 'raw',
    colour: 'sh',
    clamps: { sh: null, logitOpacity: null, normalizedLogScale: null },
    dropNonFinite: false,
    ...patch,
  };
}

const same = (a: SplatScene, b: SplatScene): string[] =>
  SCENE_ARRAYS.filter((name) => Buffer.compare(bitsOf(a[name]), bitsOf(b[name])) !== 0);

describe('ResidualBlend', () => {
  const scene = randomScene(1000, 2);
  const residuals = residualsFor(1000, 1);

  it('adds strength times the residuals to the rows that were refined', () => {
    const half = applyResiduals(scene, residuals, 0.5);
    for (const row of [0, 999])
      expect(half.positions.subarray(3 * row, 3 * row + 3)).toEqual(scene.positions.subarray(3 * row, 3 * row + 3));
    for (const row of [1, 500, 998]) {
      for (let k = 0; k < 3; k++)
        expect(half.positions[3 * row + k]).toBe(
          Math.fround(scene.positions[3 * row + k] + 0.5 * residuals.values.means[3 * (row - 1) + k]),
        );
      for (let k = 0; k < 24; k++)
        expect(half.shRest[24 * row + k]).toBe(
          k < 9
            ? Math.fround(scene.shRest[24 * row + k] + 0.5 * residuals.values.features_rest[9 * (row - 1) + k])
            : scene.shRest[24 * row + k],
        );
    }
  });

  it('gives the same in small batches as in one, and again from used buffers', () => {
    const whole = applyResiduals(scene, residuals, 1.3);
    const blend = new ResidualBlend(scene, residuals);
    blend.start({ strength: 0.2 });
    while (!blend.advance(77));
    const used = blend.result;
    blend.start({ strength: 1.3 });
    let batches = 1;
    while (!blend.advance(77)) batches++;
    expect(batches).toBe(13);
    expect(blend.result.positions.buffer).toBe(used.positions.buffer);
    expect(blend.result.positions).not.toBe(used.positions);
    expect(same(blend.result, whole)).toEqual([]);
    const taken = blend.take();
    blend.start({ strength: 0.1 });
    while (!blend.advance(400));
    expect(same(taken, whole)).toEqual([]);
  });

  it('gives the scene itself at 0 and shares what a switch holds', () => {
    expect(applyResiduals(scene, residuals, 0)).toBe(scene);
    const colours = applyResiduals(scene, residuals, 1, {
      means: false,
      scales: false,
      opacities: false,
      quats: false,
    });
    expect(SCENE_ARRAYS.filter((name) => colours[name] === scene[name])).toEqual([
      'positions',
      'logScales',
      'quats',
      'logitOpacities',
    ]);
    expect(colours.shDc).toEqual(applyResiduals(scene, residuals).shDc);
  });

  it.each(['raw', 'unit'] as const)('leaves masked-out splats bit for bit (%s quaternions)', (quaternions) => {
    const mask = Uint8Array.from({ length: 1000 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const some = applyResiduals(scene, { ...residuals, quaternions }, 1, {}, mask);
    const all = applyResiduals(scene, { ...residuals, quaternions }, 1);
    const rest = Uint8Array.from(mask, (flag) => 1 - flag);
    expect(same(keepRows(some, mask), keepRows(all, mask))).toEqual([]);
    expect(same(keepRows(some, rest), keepRows(scene, rest))).toEqual([]);
  });

  it('makes further copies of the splats that may change alone, behind all others', () => {
    const many = residualsFor(6, 1, { copies: 3, rows: Int32Array.of(1, 2, 4) });
    const small = randomScene(6, 1);
    const all = applyResiduals(small, many);
    expect(all.count).toBe(6 + 2 * 3);
    expect(all.logitOpacities[6 + 3 + 2]).toBe(Math.fround(small.logitOpacities[4] + many.values.opacities[2 * 3 + 2]));
    const some = applyResiduals(small, many, 1, {}, Uint8Array.of(1, 0, 1, 1, 1, 1));
    expect(some.count).toBe(6 + 2 * 2);
    expect(some.logitOpacities[6]).toBe(Math.fround(small.logitOpacities[2] + many.values.opacities[1 * 3 + 1]));
    expect(some.logitOpacities[1]).toBe(small.logitOpacities[1]);
  });

  it("raises a scene of lower degree to the model's", () => {
    const flat = randomScene(20, 0);
    const raised = applyResiduals(flat, residualsFor(20, 1));
    expect(raised.shDegree).toBe(1);
    expect(raised.shRest[9]).toBe(Math.fround(residualsFor(20, 1).values.features_rest[0]));
    expect([...raised.shRest.subarray(0, 9)]).toEqual(new Array(9).fill(0));
  });

  it('drops what came out broken where the model says so, unless the mask leaves it alone', () => {
    const broken = residualsFor(10, 1, { dropNonFinite: true });
    broken.values.means[3 * 4] = NaN;
    const small = randomScene(10, 1);
    small.positions[0] = Infinity;
    expect(applyResiduals(small, broken).count).toBe(9);
    expect(applyResiduals(small, broken, 1, { means: false }).count).toBe(10);
    expect(applyResiduals(small, broken, 1, {}, Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1, 1)).count).toBe(10);
  });

  it('keeps saying the same about the splats that are left after some were deleted', () => {
    const keep = Uint8Array.from({ length: 1000 }, (_, i) => (i % 5 === 2 ? 0 : 1));
    const { residuals: left, gatherer } = keepResidualRows(residuals, keep);
    for (let rows = 1; !gatherer.advance(rows); rows++);
    const kept = applyResiduals(keepRows(scene, keep), left, 0.7);
    expect(kept.count).toBe(countMask(keep));
    expect(same(kept, keepRows(applyResiduals(scene, residuals, 0.7), keep))).toEqual([]);
  });
});
