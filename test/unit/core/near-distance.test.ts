import { expect, it } from 'vitest';
import { NEAR_Z, nearDistanceFor } from '../../../renderer/core/near-distance.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { caseCamera, psnrOf } from '../../cases.ts';
import { dataBytes } from '../../test-data.ts';
import { randomScene } from '../io/fixtures.ts';

const open = (name: string) => readScene(sourceFromBytes(name, dataBytes(`cases/${name}`)));

it('a scene of hundredths of a unit gives the picture of the same scene at its own scale', async () => {
  const small = renderReference(await open('1e-2.ply'), caseCamera('ply', 0.01), [0, 0, 0]);
  const base = renderReference(await open('base.ply'), caseCamera(), [0, 0, 0]);
  expect(base.some((value) => value > 0.5)).toBe(true);
  expect(psnrOf(small, base)).toBeGreaterThan(60);
});

it('is that of the INRIA rasteriser in scenes of usual size, and heeds no stray', async () => {
  expect(nearDistanceFor(randomScene(500, 0))).toBe(NEAR_Z);
  const [base, strewn] = [await open('base.ply'), await open('floaters_30.ply')];
  expect(nearDistanceFor(strewn) / nearDistanceFor(base)).toBeCloseTo(1, 1);
});
