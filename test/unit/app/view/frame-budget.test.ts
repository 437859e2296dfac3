import { describe, expect, it } from 'vitest';
import { affordable, coverageBudget, splatBudgets } from '../../../../renderer/app/view/frame-budget.ts';
import { coveredPixels } from '../../../../renderer/core/overdraw.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../../renderer/io/read-scene.ts';
import { caseCamera } from '../../../cases.ts';
import { dataBytes } from '../../../test-data.ts';

const open = (name: string): Promise<SplatScene> => readScene(sourceFromBytes(name, dataBytes(`cases/${name}`)));

/** The camera of the cases with a picture as large as a window. */
function windowCamera() {
  const camera = caseCamera();
  const factor = 1280 / camera.width;
  const { fx, fy, cx, cy, width, height } = camera;
  return {
    ...camera,
    fx: fx * factor,
    fy: fy * factor,
    cx: cx * factor,
    cy: cy * factor,
    width: width * factor,
    height: height * factor,
  };
}

it('allows a frame fewer splats on a software adapter, and never more than a device can draw', () => {
  const all = 1e9;
  expect(splatBudgets(false, all, 2).whole).toBeGreaterThan(splatBudgets(true, all, 2).whole);
  expect(splatBudgets(true, all, 16).whole).toBe(4 * splatBudgets(true, all, 2).whole);
  expect(splatBudgets(false, 1000, 2)).toMatchObject({ whole: 1000, reduced: 1000 });
});

describe('the work of a frame', () => {
  it('is all affordable in a scene of usual splats, on the CPU too', async () => {
    expect(affordable([await open('base.ply')], windowCamera(), coverageBudget(true))).toEqual({ scale: 1 });
  });

  it('is bounded for giants, which is said', async () => {
    const giants = await open('giants.ply');
    const camera = windowCamera();
    // Each covers the whole picture.
    expect(coveredPixels(giants, camera) / (camera.width * camera.height)).toBeCloseTo(984, -2);
    const { scale, problem } = affordable([giants], camera, coverageBudget(true));
    expect(scale).toBeLessThan(0.6);
    expect(coveredPixels(giants, camera) * scale ** 2).toBeLessThanOrEqual(coverageBudget(true) * 1.001);
    expect(problem?.sentence).toContain('fewer pixels');
    // A capture's surroundings are not to be deleted.
    expect(problem?.sentence).toContain('If they are strays that do not belong to it');
    expect(affordable([giants], camera, coverageBudget(false)).scale).toBe(1);
  });

  it('is refused where even a coarse picture would take minutes', async () => {
    const giants = await open('giants.ply');
    const many: SplatScene[] = Array.from({ length: 60 }, () => giants);
    const { scale, problem } = affordable(many, windowCamera(), coverageBudget(true) / 4);
    expect(scale).toBe(0);
    expect(problem?.sentence).toContain("isn't shown");
  });

  it('counts a few giants among many small splats', async () => {
    const base = await open('base.ply');
    const logScales = base.logScales.slice();
    logScales.fill(5, 3 * 500, 3 * 510);
    const camera = windowCamera();
    const added = coveredPixels({ ...base, logScales }, camera) - coveredPixels(base, camera);
    expect(added / (camera.width * camera.height)).toBeCloseTo(10, 0);
  });
});
