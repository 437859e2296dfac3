import { afterAll, expect, test } from 'vitest';
import { BLOCK_SPLATS, SLOT_SPLATS } from '../../renderer/core/detail-levels.ts';
import { keepRows } from '../../renderer/core/keep-rows.ts';
import type { ChosenSlots } from '../../renderer/core/slot-chooser.ts';
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

const scene = generateScene({ count: 20_000, shDegree: 2, seed: 3 });
for (let i = 0; i < scene.logScales.length; i++) scene.logScales[i] -= 1;
const { positions, shDegree, meta } = scene;
const rows = (wanted: Uint32Array) => Promise.resolve(levelRows(scene, wanted));
const levels = await makeLevels({ positions, shDegree, meta, rows });
const from = (distance: number) => ({ ...lookAt([0, 0, -distance], [0, 0, 0], 96, 64), near: 0.1 });
const camera = from(4);
const renderer = new SplatRenderer(gpu.device, { format: 'rgba32float' });
const whole = renderer.uploadScene(scene);
const draw = (drawn: Parameters<typeof renderToFloats>[2]) =>
  renderToFloats(gpu.device, renderer, drawn, camera, { background: [0, 0, 0] });

test('chosen slots are drawn as a scene of their splats is, and like the whole scene', async () => {
  const some = new GpuLevels(gpu.device, levels, BUDGET);
  some.choose(camera, BUDGET);
  const chosen: ChosenSlots = { merged: new Uint32Array(64), own: new Uint32Array(0) };
  const chooser = new SlotChooser(levels.slots);
  chooser.choose(camera, Math.floor(BUDGET / SLOT_SPLATS), chosen);
  expect(some.count).toBe(chooser.mergedCount * SLOT_SPLATS);
  expect(some.count).toBeLessThan(scene.count / 3);
  const keep = new Uint8Array(levels.scene.count);
  for (const word of chosen.merged.subarray(0, chooser.mergedCount)) {
    const slot = word & 0xffffff;
    keep.fill(1, slot * SLOT_SPLATS, (slot + 1) * SLOT_SPLATS);
  }
  const [drawn, same, all] = [
    await draw(some),
    await draw(renderer.uploadScene(keepRows(levels.scene, keep))),
    await draw(whole),
  ];
  expect(psnr(drawn, coloursOf(same))).toBeGreaterThan(80);
  expect(psnr(drawn, coloursOf(all))).toBeGreaterThan(18);
  some.destroy();
});

test('where there is room the splats of the scene itself are drawn, which is the whole picture', async () => {
  const all = coloursOf(await draw(whole));
  const most = new GpuLevels(gpu.device, levels, 3 * BLOCK_SPLATS, whole);
  most.choose(camera, 3 * BLOCK_SPLATS);
  expect(most.ownCount).toBe(most.count);
  expect(psnr(await draw(most), all)).toBeGreaterThan(70);
  most.choose(camera, 12_000);
  expect(most.ownCount).toBeGreaterThan(0);
  expect(most.ownCount).toBeLessThan(most.count);
  const some = new GpuLevels(gpu.device, levels, 12_000);
  some.choose(camera, 12_000);
  expect(psnr(await draw(most), all)).toBeGreaterThan(psnr(await draw(some), all) + 1);
  most.destroy();
  some.destroy();
});

test('a level that fades into another is drawn between the two', async () => {
  const fading = new GpuLevels(gpu.device, levels, 12_000, whole);
  const pictures: Float32Array[] = [];
  fading.choose(from(400), 12_000);
  pictures.push(await draw(fading));
  for (let frame = 0; frame < 12; frame++) {
    fading.choose(camera, 12_000, 0.2);
    pictures.push(await draw(fading));
  }
  const apart = (a: number, b: number): number => -psnr(pictures[a], coloursOf(pictures[b]));
  const atOnce = apart(0, 12);
  const steps = pictures.slice(1).map((_, i) => apart(i, i + 1));
  // In no frame more than 6 in 10 of the change, and in the end what is chosen at once.
  expect(Math.max(...steps)).toBeLessThan(atOnce - 4.4);
  fading.choose(camera, 12_000);
  expect(psnr(await draw(fading), coloursOf(pictures[12]))).toBeGreaterThan(80);
  fading.destroy();
});
