import { expect, it } from 'vitest';
import { keptOf, notesOn, refineFigures } from '../../../../renderer/app/document/refine-words.ts';
import type { RefineReport } from '../../../../renderer/refine/refine-scene.ts';

const report = {
  splats: 4000,
  refined: 2500,
  region: { centre: [0, 0, 0], radius: 2 },
  isSurrounded: true,
  proof: { evidence: 'sharpness', views: 18, kept: 0.7123, psnrDb: 60 },
  cameras: null,
  milliseconds: { load: 500, sight: 3000, plan: 500, network: 11_000, check: 7000, finish: 500, total: 22_500 },
  residuals: {
    means: { meanAbsolute: 0.01, maxAbsolute: 1 },
    scales: { meanAbsolute: Math.log(1.05), maxAbsolute: 1 },
    features_dc: { meanAbsolute: 1e-6, maxAbsolute: 1 },
  },
} as unknown as RefineReport;

const figuresOf = (change: Partial<RefineReport> = {}) =>
  Object.fromEntries(refineFigures({ ...report, ...change }, 10));

it('tells region, change, evidence, what was kept, and time', () => {
  expect(figuresOf()).toEqual({
    Region: '2,500 of 4,000 splats; what stands around them is as it was',
    Changed: 'On average: positions 0.5 %, sizes 5 %',
    Evidence: '18 views that seem to be captured',
    Kept: "71 % of the network's change",
    Time: '3.0 s looking, 12 s network, 7.5 s checking',
  });
});

it('tells whole scenes, lone objects and models that check nothing apart', () => {
  const lone = figuresOf({ region: null, refined: 4000, isSurrounded: false, proof: null });
  expect(lone).toMatchObject({
    Region: 'The whole scene',
    Changed: 'On average: positions 0.1 %, sizes 5 %',
    Evidence: 'Views around a lone object',
  });
  expect(lone).not.toHaveProperty('Kept');
  const strewn = figuresOf({ region: { centre: [0, 0, 0], radius: Infinity }, isSurrounded: false, proof: null });
  expect(strewn).toMatchObject({
    Region: '2,500 of 4,000 splats; the others are strays',
    Changed: 'On average: positions 0.1 %, sizes 5 %',
  });
  const unchecked = { ...report.milliseconds, check: 0 };
  expect(figuresOf({ proof: null, milliseconds: unchecked })['Evidence']).toMatch(/^None/);
});

it('does not say of a selection that all of the region was refined', () => {
  const figures = Object.fromEntries(refineFigures({ ...report, refined: 4000 }, 10, true));
  expect(figures).toMatchObject({ 'Looked at': 'The whole scene' });
  expect(figures).not.toHaveProperty('Region');
});

it('says so where nothing changed, and which views proved that', () => {
  const proof = { evidence: 'cameras', views: 24, kept: 0, psnrDb: null } as const;
  expect(figuresOf({ residuals: {}, proof })).toMatchObject({
    Changed: 'Nothing that can be seen',
    Evidence: "24 of the capture's cameras",
    Kept: "0 % of the network's change",
  });
});

it('says of what was kept what is so, however close to all of it that is', () => {
  const said = (kept: number) =>
    keptOf({ ...report, isSurrounded: false, proof: { evidence: 'cameras', views: 16, kept, psnrDb: 60 } });
  expect(said(0.7123)).toBe(" 71 % of the network's change was kept: the rest would show from the capture's cameras.");
  expect(said(0.9984)).toMatch(/^ Over 99 % of the network's change was kept: the rest would show/);
  expect(said(1)).toBe(" All of the network's change was kept.");
  expect(said(0.001)).toMatch(/^ Nothing was changed/);
});

it('says so where cameras that were given show nothing of what was refined', () => {
  const notesWith = (cameras: RefineReport['cameras']) =>
    notesOn({ ...report, invalidPassedThrough: 0, cameras }, undefined);
  expect(notesWith({ given: 32, showing: 0 })).toMatch(/^ None of the 32 cameras shows what was refined/);
  expect(notesWith({ given: 1, showing: 0 })).toMatch(/^ The camera that was given does not show/);
  expect(notesWith({ given: 32, showing: 5 })).toBe('');
  expect(notesWith(null)).toBe('');
});
