import { expect, it } from 'vitest';
import { pictureAt } from '../../../../renderer/app/view/picture-at.ts';
import type { Picture } from '../../../../renderer/app/view/picture.ts';
import type { CompareView } from '../../../../renderer/gpu/compare-view.ts';
import { generateScene, lookAt } from '../../../gpu/scenes.ts';

const before = generateScene({ count: 1, shDegree: 0, seed: 1 });
const after = generateScene({ count: 1, shDegree: 0, seed: 2 });
const camera = lookAt([0, 0, -3], [0, 0, 0], 200, 100);
const compared = (view: CompareView): Picture => ({ kind: 'compare', before, after, view });

it('finds the one scene of a picture everywhere', () => {
  expect(pictureAt({ kind: 'scene', scene: before }, camera, 10, 20)).toEqual({ scene: before, camera, x: 10, y: 20 });
});

it('finds before short of a split and after beyond it', () => {
  const across = compared({ mode: 'split', direction: 'vertical', position: 0.3 });
  expect([50, 70].map((x) => pictureAt(across, camera, x, 5).scene)).toEqual([before, after]);
  const down = compared({ mode: 'split', direction: 'horizontal', position: 0.3 });
  expect([20, 40].map((y) => pictureAt(down, camera, 5, y).scene)).toEqual([before, after]);
});

it('counts from the corner of a pane, in the pane’s own camera', () => {
  const at = pictureAt(compared({ mode: 'sideBySide', direction: 'vertical' }), camera, 130, 40);
  expect(at.scene).toBe(after);
  expect(at.camera.width).toBeLessThan(camera.width);
  expect(130 - at.x).toBe(camera.width - at.camera.width);
  expect(at.y).toBe(40);
});
