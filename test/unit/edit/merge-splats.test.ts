import { expect, it } from 'vitest';
import { opacityOfLogit } from '../../../renderer/core/drawable.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { SplatMerger } from '../../../renderer/edit/merge-splats.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { caseCamera, psnrOf } from '../../cases.ts';
import { randomScene } from '../io/fixtures.ts';

it('makes of one splat the splat itself', () => {
  const scene = randomScene(20, 1);
  const merged = createScene(20, 1, scene.meta);
  const merger = new SplatMerger(9);
  for (let row = 0; row < 20; row++) {
    scene.logitOpacities[row] = Math.min(scene.logitOpacities[row], 4);
    merger.add(scene, row);
    merger.put(merged, row);
  }
  for (const name of ['positions', 'shDc', 'shRest', 'logitOpacities'] as const)
    merged[name].forEach((value, i) => expect(value).toBeCloseTo(scene[name][i], 3));
  const all = new Uint8Array(20).fill(1);
  const [one, other] = [scene, merged].map((s) => renderReference(keepRows(s, all), caseCamera(), [0, 0, 0]));
  expect(psnrOf(one, other)).toBeGreaterThan(60);
});

it('keeps place, extent and coverage of two side by side', () => {
  const scene = createScene(2, 0, randomScene(1, 0).meta);
  scene.positions.set([1000, 0, 0, 1001, 0, 0]);
  scene.quats.set([1, 0, 0, 0, 1, 0, 0, 0]);
  scene.logScales.fill(Math.log(0.5));
  const merger = new SplatMerger(0);
  const merged = createScene(1, 0, scene.meta);
  merger.add(scene, 0);
  merger.add(scene, 1);
  merger.put(merged, 0);
  expect(merged.positions[0]).toBeCloseTo(1000.5, 3);
  const scales = Array.from(merged.logScales, Math.exp).sort((a, b) => b - a);
  expect(scales[0]).toBeCloseTo(Math.sqrt(0.25 + 0.25), 4);
  expect(scales[1]).toBeCloseTo(0.5, 4);
  // Two of a half over 0.25 each, on one of 0.354.
  expect(opacityOfLogit(merged.logitOpacities[0])).toBeCloseTo(0.25 / (scales[0] * 0.5), 4);
});

it('writes nothing of splats that cannot be drawn', () => {
  const scene = createScene(2, 0, randomScene(1, 0).meta);
  const merger = new SplatMerger(0);
  const merged = createScene(1, 0, scene.meta);
  merger.add(scene, 0);
  merger.put(merged, 0);
  expect(merged.quats).toEqual(new Float32Array(4));
});
