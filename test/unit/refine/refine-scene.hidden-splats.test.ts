import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { isDrawable } from '../../../renderer/core/drawable.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { SCENE_ARRAYS, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { FragmentRasteriser } from '../../../renderer/refine/fragment-rasteriser.ts';
import { ringCamera } from '../../../renderer/refine/ring-cameras.ts';
import { cropPly } from '../../crop-ply.ts';
import { features, stride } from './random-features.ts';

const SAMPLE = readFileSync(resolve(import.meta.dirname, '../../../test/data/scenes/sample.ply'));

describe('splats that the viewer hides', () => {
  const backend = createNodeBackend({ threads: 1 });
  let model: RefineModel;
  let scene: SplatScene;
  beforeAll(async () => {
    model = await openModel();
    scene = await readScene(sourceFromBytes('sample.ply', cropPly(SAMPLE, 500)));
  });

  it('come out byte for byte, and change nothing about the others', async () => {
    const hidden = [0, 7, 300];
    const mixed = {
      ...scene,
      ...Object.fromEntries(SCENE_ARRAYS.map((name) => [name, scene[name].slice()])),
    };
    // Rows of zeros, as padding leaves them, and a giant far away.
    for (const row of [0, 7])
      for (const name of SCENE_ARRAYS)
        mixed[name].fill(0, (row * mixed[name].length) / mixed.count, ((row + 1) * mixed[name].length) / mixed.count);
    mixed.logScales[3 * 300] = 21;
    mixed.positions[3 * 300] = 1e4;
    expect(hidden.some((row) => isDrawable(mixed, row))).toBe(false);
    const keep = new Uint8Array(mixed.count).fill(1);
    for (const row of hidden) keep[row] = 0;

    const answer = await refineScene(mixed, model, backend);
    const alone = await refineScene(keepRows(mixed, keep), model, backend);
    expect(answer.report).toMatchObject({
      refined: mixed.count - 3,
      invalidPassedThrough: 3,
      outputSplats: mixed.count,
    });
    expect(keepRows(answer.scene, keep)).toEqual(alone.scene);
    for (const row of hidden) {
      const only = new Uint8Array(mixed.count);
      only[row] = 1;
      const [before, after] = [keepRows(mixed, only), keepRows(answer.scene, only)];
      for (const name of SCENE_ARRAYS)
        expect(new Uint8Array(after[name].buffer), `${name} of ${row}`).toEqual(new Uint8Array(before[name].buffer));
    }
  });

  it('a huge needle that it draws does not end the job', async () => {
    const needle = { ...scene, logScales: scene.logScales.slice(), quats: scene.quats.slice() };
    for (const row of [3, 100, 250]) {
      needle.logScales.set([20, -8, -8], 3 * row);
      needle.quats.set([0.7, 0.3, row / 400, 0.2], 4 * row);
    }
    const { scene: answer, report } = await refineScene(needle, model, backend);
    expect(report.refined).toBe(scene.count);
    for (const name of SCENE_ARRAYS) expect(answer[name].every(Number.isFinite), name).toBe(true);
  });
});

it('a needle is a line as wide as the low-pass, however long it is', () => {
  const lineOf = (logScale: number) => {
    const row = features(1, () => 0);
    row.set([0.5, 0.5, 0.5, logScale, -9, -9, 3, 0.9, 0.1, 0.4, 0.2]);
    return new FragmentRasteriser(row, stride).coverage(ringCamera('low', 1));
  };
  const [long, endless] = [lineOf(6), lineOf(20)];
  expect(long.filter((c) => c > 0.5).length).toBeGreaterThan(100);
  endless.forEach((c, pixel) => expect(c).toBeCloseTo(long[pixel], 2));
});
