import { PerspectiveCamera } from 'three';
import { describe, expect, test } from 'vitest';
import { pickPoint } from '../../../renderer/camera/pick.ts';
import { viewParameters } from '../../../renderer/camera/view-parameters.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';

function sceneAt(points: readonly (readonly [number, number, number])[], logit = 2) {
  const scene = createScene(points.length, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
  points.forEach((point, index) => scene.positions.set(point, index * 3));
  points.forEach((_, index) => scene.quats.set([1, 0, 0, 0], index * 4));
  scene.logitOpacities.fill(logit);
  return scene;
}

describe('pickPoint', () => {
  const camera = new PerspectiveCamera(50, 1, 0.1, 100);
  camera.position.set(0, 0, 5);
  camera.lookAt(0, 0, 0);
  const parameters = viewParameters(camera, 200, 200);

  test('finds the nearest visible splat under the pixel', () => {
    const scene = sceneAt([
      [0, 0, -1],
      [0, 0, 1],
      [0, 0, 9],
    ]);
    expect(pickPoint(scene, parameters, 100, 100)?.map((component) => Math.round(1e6 * component) / 1e6)).toEqual([
      0, 0, 1,
    ]);
  });

  test("passes over what lies within the near distance, INRIA's unless the camera names one", () => {
    const scene = sceneAt([
      [0, 0, 4.9],
      [0, 0, 1],
    ]);
    expect(pickPoint(scene, parameters, 100, 100)?.[2]).toBeCloseTo(1);
    expect(pickPoint(scene, { ...parameters, near: 0.05 }, 100, 100)?.[2]).toBeCloseTo(4.9);
  });

  test('finds nothing beside the splats, behind the camera or among transparent ones', () => {
    expect(pickPoint(sceneAt([[0, 0, 0]]), parameters, 10, 10)).toBeUndefined();
    expect(pickPoint(sceneAt([[0, 0, 9]]), parameters, 100, 100)).toBeUndefined();
    expect(pickPoint(sceneAt([[0, 0, 0]], -5), parameters, 100, 100)).toBeUndefined();
  });
});
