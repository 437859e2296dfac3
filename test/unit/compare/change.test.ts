import { describe, expect, it } from 'vitest';
import { CHANGES, changePlaces, changeTicks, measureChange } from '../../../renderer/compare/change.ts';
import { histogramOf, magnitudePercentile } from '../../../renderer/compare/distribution.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';

const C0 = 0.28209479177387814;

/** Unit quaternions, opacity one half, everything else zero. */
function plainScene(count: number): SplatScene {
  const scene = createScene(count, 0, { antialiased: false, up: 'y', format: 'test', name: 'test' });
  for (let i = 0; i < count; i++) scene.quats[i * 4] = 1;
  return scene;
}

describe('measureChange', () => {
  it('measures movement in scene radii', () => {
    const [before, after] = [plainScene(2), plainScene(2)];
    after.positions.set([3, 0, 4], 3);
    expect([...measureChange(before, after, 'moved', 10)]).toEqual([0, 0.5]);
  });

  it('measures growth as the mean of the log-scale differences, shrinking below zero', () => {
    const [before, after] = [plainScene(3), plainScene(3)];
    after.logScales.set([0.3, 0.6, 0], 0);
    after.logScales.set([-1, -1, -1], 3);
    before.logScales[6] = -Infinity;
    after.logScales[6] = -Infinity;
    const [grown, shrunk, flat] = measureChange(before, after, 'grown', 1);
    expect(grown).toBeCloseTo(0.3, 6);
    expect(shrunk).toBeCloseTo(-1, 6);
    expect(flat).toBe(0);
  });

  it('measures colour as the screen shows it: what both cut off is no change, black to white is 1', () => {
    const [before, after] = [plainScene(3), plainScene(3)];
    before.shDc.fill(-0.5 / C0, 0, 3);
    after.shDc.fill(0.5 / C0, 0, 3);
    before.shDc.fill(4, 3, 6);
    after.shDc.fill(9, 3, 6);
    after.shDc[6] = 0.25 / C0;
    const [blackToWhite, cutOff, red] = measureChange(before, after, 'recoloured', 1);
    expect(blackToWhite).toBeCloseTo(1, 6);
    expect(cutOff).toBe(0);
    expect(red).toBeCloseTo(0.25 / Math.sqrt(3), 6);
  });

  it('measures opacity activated', () => {
    const [before, after] = [plainScene(2), plainScene(2)];
    after.logitOpacities.set([Math.log(3), -Math.log(3)]);
    const [up, down] = measureChange(before, after, 'opacity', 1);
    expect(up).toBeCloseTo(0.25, 6);
    expect(down).toBeCloseTo(-0.25, 6);
  });

  it('has no value for splats whose numbers are not finite', () => {
    const [before, after] = [plainScene(2), plainScene(2)];
    before.positions[0] = NaN;
    const [broken, sound] = measureChange(before, after, 'moved', 1);
    expect(broken).toBeNaN();
    expect(sound).toBe(0);
  });

  it('has no values at all where splats were left out or added', () => {
    for (const count of [1, 3])
      expect([...measureChange(plainScene(2), plainScene(count), 'moved', 1)].every(Number.isNaN)).toBe(true);
    expect([...measureChange(plainScene(0), plainScene(1), 'moved', 1)]).toEqual([NaN]);
  });

  it('pairs whole copies with the splat they come from', () => {
    const [before, after] = [plainScene(2), plainScene(4)];
    before.positions.set([1, 0, 0], 3);
    after.positions.set([1, 0, 0], 3);
    after.positions.set([0, 2, 0], 6);
    after.positions.set([1, 0, 0], 9);
    expect([...measureChange(before, after, 'moved', 1)]).toEqual([0, 0, 2, 0]);
  });
});

describe('legend', () => {
  it('places values on the map, signed ones around its middle', () => {
    const values = Float32Array.of(-2, 0, 1, 2, NaN);
    expect([...changePlaces(values, true, 2, new Float32Array(5))]).toEqual([0, 0.5, 0.75, 1, NaN]);
    expect([...changePlaces(values, false, 2, new Float32Array(5))]).toEqual([-1, 0, 0.5, 1, NaN]);
  });

  it('speaks in the unit of each kind', () => {
    const labels = (kind: keyof typeof CHANGES, largest: number) =>
      changeTicks(CHANGES[kind], largest).map(({ label }) => label);
    expect(labels('moved', 0.02)).toEqual(['0 %', '0.5 %', '1 %', '1.5 %', '2 %']);
    expect(labels('grown', Math.log(4))).toEqual(['×0.25', '×0.50', '×1.00', '×2.00', '×4.00']);
    expect(labels('opacity', 0.5)).toEqual(['−50 %', '−25 %', '0 %', '+25 %', '+50 %']);
    expect([CHANGES.recoloured.upTo(0.031), CHANGES.grown.upTo(Math.log(2)), CHANGES.opacity.upTo(0.05)]).toEqual([
      '3.1 %',
      '×0.50 to ×2.00',
      '±5 %',
    ]);
  });
});

describe('distribution', () => {
  it('counts values into bins, and tells of those outside and of those that are none', () => {
    const { counts, below, above, missing } = histogramOf(Float32Array.of(0, 0.24, 0.25, 0.99, 1, -1, 2, NaN), 0, 1, 4);
    expect([...counts]).toEqual([2, 1, 0, 2]);
    expect([below, above, missing]).toEqual([1, 1, 1]);
  });

  it('finds the magnitude that a share of the values does not exceed', () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? i + 1 : -(i + 1)));
    expect(magnitudePercentile(values, 0.98)).toBe(98);
    expect(magnitudePercentile(values, 1)).toBe(100);
    expect(magnitudePercentile(values, 0)).toBe(1);
    expect(magnitudePercentile(Float32Array.of(NaN), 0.5)).toBe(0);
    expect(magnitudePercentile(new Float32Array(0), 0.5)).toBe(0);
  });

  it('stays near the exact percentile on a million values', () => {
    const values = Float32Array.from({ length: 1_000_000 }, (_, i) => ((i * 7919) % 1_000_000) / 1_000_000);
    expect(Math.abs(magnitudePercentile(values, 0.98) - 0.98)).toBeLessThan(0.005);
  });
});
