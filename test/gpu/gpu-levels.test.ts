import { afterAll, expect, test } from 'vitest';
import { SLOT_SPLATS } from '../../renderer/core/detail-levels.ts';
import { keepRows } from '../../renderer/core/keep-rows.ts';
import { SlotChooser } from '../../renderer/core/slot-chooser.ts';
import { levelRows, makeLevels } from '../../renderer/edit/make-levels.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { GpuLevels } from '../../renderer/gpu/gpu-levels.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from './device.ts';
import { coloursOf, psnr } from './psnr.ts';
import { generateScene, lookAt } from './scenes.ts';

const gpu = await openTestDevice();
const BUDGET = 6000;
afterAll(() => expect(gpu.errors).toEqual([]));

test('chosen slots are drawn as a scene of their splats is, and like the whole scene', async () => {
  const scene = generateScene({ count: 20_000, shDegree: 2, seed: 3 });
  for (let i = 0; i < scene.logScales.length; i++) scene.logScales[i] -= 1;
  const { positions, shDegree, meta } = scene;
  const rows = (wanted: Uint32Array) => Promise.resolve(levelRows(scene, wanted));
  const levels = await makeLevels({ positions, shDegree, meta, rows });
  const camera = { ...lookAt([0, 0, -4], [0, 0, 0], 96, 64), near: 0.1 };
  const renderer = new SplatRenderer(gpu.device, { format: 'rgba32float' });
  const draw = (drawn: Parameters<typeof renderToFloats>[2]) =>
    renderToFloats(gpu.device, renderer, drawn, camera, { background: [0, 0, 0] });

  const some = new GpuLevels(gpu.device, levels, BUDGET);
  some.choose(camera, BUDGET);
  const indices = new Uint32Array(64);
  const chosen = new SlotChooser(levels.blocks).choose(camera, Math.floor(BUDGET / SLOT_SPLATS), indices);
  expect(some.count).toBe(chosen * SLOT_SPLATS);
  expect(some.count).toBeLessThan(scene.count / 3);
  const keep = new Uint8Array(levels.scene.count);
  for (const slot of indices.subarray(0, chosen)) keep.fill(1, slot * SLOT_SPLATS, (slot + 1) * SLOT_SPLATS);
  const [drawn, same, whole] = [
    await draw(some),
    await draw(renderer.uploadScene(keepRows(levels.scene, keep))),
    await draw(renderer.uploadScene(scene)),
  ];
  expect(psnr(drawn, coloursOf(same))).toBeGreaterThan(80);
  expect(psnr(drawn, coloursOf(whole))).toBeGreaterThan(18);
  some.destroy();
});
