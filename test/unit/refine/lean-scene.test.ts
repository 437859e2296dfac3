import { beforeAll, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { SCENE_ARRAYS, shRestCount, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import { applyAnswer, isTooLargeToHandOver, leanScene } from '../../../renderer/refine/lean-scene.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { dataBytes } from '../../test-data.ts';

const backend = createNodeBackend({ threads: 1 });
let model: RefineModel;
/** Of degree 3, with columns of its own, and one splat whose last coefficient is no number. */
let scene: SplatScene;
beforeAll(async () => {
  model = await openModel();
  const read = await readScene(sourceFromBytes('labels.ply', dataBytes('cases/labels.ply')));
  const shRest = Float32Array.from({ length: read.count * 3 * shRestCount(3) }, (_, i) => Math.sin(i) / 10);
  shRest[3 * shRestCount(3) * 8 - 1] = Infinity;
  scene = { ...read, shDegree: 3, shRest };
});

it('hands over what the network sees, and gives the very answer of the whole scene', async () => {
  const lean = leanScene(scene, model.manifest.shDegree);
  const bytes = (of: SplatScene): number => SCENE_ARRAYS.reduce((sum, name) => sum + of[name].byteLength, 0);
  expect([bytes(lean), bytes(scene)]).toEqual([scene.count * 4 * 23, scene.count * 4 * 59]);
  expect(isTooLargeToHandOver(scene, bytes(scene) - 1)).toBe(true);
  expect(isTooLargeToHandOver(lean, bytes(scene) - 1)).toBe(false);
  const whole = await refineScene(scene, model, backend, { strength: 0.7 });
  const { report, residuals, strength } = await refineScene(lean, model, backend, { strength: 0.7 });
  const applied = await applyAnswer(scene, { report, residuals, strength });
  expect(applied.residuals).toEqual(whole.residuals);
  expect(applied.report).toEqual({ ...whole.report, milliseconds: report.milliseconds });
  expect(report.invalidPassedThrough).toBe(1);
  for (const name of SCENE_ARRAYS) expect(applied.scene[name], name).toEqual(whole.scene[name]);
  expect(applied.scene.extra).toBe(scene.extra);
  expect(applied.scene.shDc).not.toEqual(scene.shDc);
});

it('leaves a scene that has no shape as it is', async () => {
  const two = keepRows(
    scene,
    Uint8Array.from({ length: scene.count }, (_, i) => (i < 2 ? 1 : 0)),
  );
  const { report, residuals, strength } = await refineScene(leanScene(two, 1), model, backend);
  expect((await applyAnswer(two, { report, residuals, strength })).scene).toBe(two);
});

it('keeps all bands for a network that knows them, and one for views where it knows none', () => {
  expect(leanScene(scene, 3).shRest).toBe(scene.shRest);
  expect(leanScene(scene, 0).shDegree).toBe(1);
});
