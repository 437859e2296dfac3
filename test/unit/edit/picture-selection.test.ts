import { describe, expect, test } from 'vitest';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { selectByOutline, selectByPick, selectByStroke } from '../../../renderer/edit/picture-selection.ts';

/** 100 by 100 pixels, seen from z = 5 on: x = 1 of the plane z = 0 lies 20 pixels right of the middle. */
const CAMERA = parseCameraFile(
  { position: [0, 0, 5], target: [0, 0, 0], up: [0, 1, 0], fovYDegrees: 53.13010235 },
  100,
  100,
);

function sceneAt(points: readonly (readonly [number, number, number])[], logits: readonly number[] = []) {
  const scene = createScene(points.length, 0, { antialiased: false, up: 'y', format: 'test', name: 'test' });
  points.forEach((point, index) => scene.positions.set(point, index * 3));
  points.forEach((_, index) => scene.quats.set([1, 0, 0, 0], index * 4));
  points.forEach((_, index) => (scene.logitOpacities[index] = logits[index] ?? 3));
  return scene;
}

describe('selection in the picture', () => {
  const scene = sceneAt([
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, -1],
    [0, 0, 6],
    [NaN, 0, 0],
  ]);

  test('takes what is seen within an outline, through the scene, and nothing from behind', () => {
    const around = [
      [40, 20],
      [60, 20],
      [60, 60],
      [40, 60],
    ] as const;
    expect([...selectByOutline(scene, CAMERA, around)]).toEqual([1, 0, 1, 0, 0]);
    expect([...selectByOutline(scene, CAMERA, around.slice(0, 2))]).toEqual([0, 0, 0, 0, 0]);
  });

  test('takes what a stroke passes over', () => {
    const stroke = [
      [45, 50],
      [72, 50],
    ] as const;
    expect([...selectByStroke(scene, CAMERA, stroke, 3)]).toEqual([1, 1, 0, 0, 0]);
    expect([...selectByStroke(scene, CAMERA, [[70, 54]], 3)]).toEqual([0, 0, 0, 0, 0]);
    expect([...selectByStroke(scene, CAMERA, [], 3)]).toEqual([0, 0, 0, 0, 0]);
  });

  test('picks the splat that is seen, wherever its centre is', () => {
    const layers = sceneAt(
      [
        [0, 0, -1],
        [0, 0, 1],
        [0, 0, 2],
      ],
      [3, 3, -5],
    );
    layers.logScales.fill(Math.log(0.3));
    expect([...selectByPick(layers, CAMERA, [50, 50])]).toEqual([0, 1, 0]);
    // A deviation and a half from its centre.
    expect([...selectByPick(layers, CAMERA, [61, 50])]).toEqual([0, 1, 0]);
    expect([...selectByPick(layers, CAMERA, [90, 50])]).toEqual([0, 0, 0]);
  });
});
