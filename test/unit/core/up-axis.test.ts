import { expect, it } from 'vitest';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import { createScene, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { UP_AXES } from '../../../renderer/core/up-axes.ts';
import { isDoubted, resolveUp, upSourceText, withUp } from '../../../renderer/core/up-axis.ts';
import { readData } from '../io/fixtures.ts';

const scene = createScene(3, 0, { antialiased: false, up: '-y', upIsGuessed: true, format: 'splat', name: 'a.splat' });
const declared: SplatScene = { ...scene, meta: { ...scene.meta, upIsGuessed: false } };

/** Cameras around a scene, held upright. */
const cameras = [0, 1, 2, 3].map((quarter) => ({
  worldToView: lookAtWorldToView({
    position: [Math.cos((quarter * Math.PI) / 2), 0.2, Math.sin((quarter * Math.PI) / 2)],
    target: [0, 0, 0],
    up: [0, 1, 0],
    rollDegrees: 0,
  }),
  fx: 32,
  fy: 32,
  cx: 16,
  cy: 16,
  width: 32,
  height: 32,
}));

it('takes what was chosen, else what the file says, else how cameras were held, else what most files have', () => {
  expect(resolveUp(declared, { chosen: 'x', cameras })).toEqual({ axis: 'x', source: 'chosen', isSure: true });
  expect(resolveUp(declared, { cameras })).toEqual({ axis: '-y', source: 'file', isSure: true });
  expect(resolveUp(scene, { cameras })).toEqual({ axis: 'y', source: 'cameras', isSure: true });
  expect(resolveUp(scene)).toEqual({ axis: '-y', source: 'format', isSure: false });
});

it('takes an estimate for what it is', async () => {
  const scan = await readData('scan/scene.ply');
  const up = resolveUp(scan);
  expect(up).toEqual({ axis: 'z', source: 'estimate', isSure: true });
  expect(upSourceText(up)).toBe('estimated from the splats');
  expect(withUp(scan, up).meta).toMatchObject({ up: 'z', upIsGuessed: true });
  expect(withUp(scan, resolveUp(scan, { chosen: '-x' })).meta).toMatchObject({ up: '-x', upIsGuessed: false });
});

it('is doubted where nothing tells it, and where the splats speak against it', async () => {
  expect(isDoubted(scene, resolveUp(scene))).toBe(true);
  expect(isDoubted(scene, resolveUp(scene, { chosen: 'x' }))).toBe(false);
  const scan = await readData('scan/scene.ply');
  expect(isDoubted(scan, resolveUp(scan))).toBe(false);
  for (const chosen of UP_AXES) expect(isDoubted(scan, resolveUp(scan, { chosen }))).toBe(chosen !== 'z');
});
