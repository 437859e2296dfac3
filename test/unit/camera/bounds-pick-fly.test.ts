import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { FlyMotion } from '../../../renderer/camera/fly.ts';
import { pickPoint } from '../../../renderer/camera/pick.ts';
import { sceneBounds } from '../../../renderer/camera/scene-bounds.ts';
import { viewParameters } from '../../../renderer/camera/view-parameters.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';

function sceneAt(points: readonly (readonly [number, number, number])[], logit = 2) {
  const scene = createScene(points.length, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
  points.forEach((point, index) => scene.positions.set(point, index * 3));
  scene.logitOpacities.fill(logit);
  return scene;
}

describe('sceneBounds', () => {
  test('holds the bulk and passes over strays and invalid splats', () => {
    const cloud = Array.from({ length: 500 }, (_, i) => [10 + Math.cos(i), 5 + Math.sin(i), 0] as const);
    const scene = sceneAt([...cloud, [1e6, 0, 0], [NaN, 0, 0]]);
    const { centre, radius } = sceneBounds(scene);
    expect(Math.abs(centre[0] - 10)).toBeLessThan(0.2);
    expect(Math.abs(centre[1] - 5)).toBeLessThan(0.2);
    expect(radius).toBeGreaterThan(0.9);
    expect(radius).toBeLessThan(1.3);
  });

  test('takes transparent splats where there are no others, and has a radius for a single point', () => {
    expect(sceneBounds(sceneAt([[1, 2, 3]], -9))).toEqual({ centre: [1, 2, 3], radius: 1 });
  });
});

describe('pickPoint', () => {
  const camera = new PerspectiveCamera(50, 1, 0.1, 100);
  camera.position.set(0, 0, 5);
  camera.lookAt(0, 0, 0);
  const parameters = viewParameters(camera, 200, 200);

  test('finds the nearest visible splat under the pixel', () => {
    expect(
      pickPoint(
        sceneAt([
          [0, 0, -1],
          [0, 0, 1],
          [0, 0, 9],
        ]),
        parameters,
        100,
        100,
      ),
    ).toEqual([0, 0, 1]);
  });

  test("passes over what lies within the near distance, INRIA's unless the camera names one", () => {
    const scene = sceneAt([
      [0, 0, 4.9],
      [0, 0, 1],
    ]);
    expect(pickPoint(scene, parameters, 100, 100)).toEqual([0, 0, 1]);
    expect(pickPoint(scene, { ...parameters, near: 0.05 }, 100, 100)?.[2]).toBeCloseTo(4.9);
  });

  test('finds nothing beside the splats, behind the camera or among transparent ones', () => {
    expect(pickPoint(sceneAt([[0, 0, 0]]), parameters, 10, 10)).toBeUndefined();
    expect(pickPoint(sceneAt([[0, 0, 9]]), parameters, 100, 100)).toBeUndefined();
    expect(pickPoint(sceneAt([[0, 0, 0]], -5), parameters, 100, 100)).toBeUndefined();
  });
});

describe('FlyMotion', () => {
  function start() {
    const camera = new PerspectiveCamera();
    camera.position.set(0, 0, 5);
    camera.lookAt(0, 0, 0);
    return { camera, target: new Vector3(), fly: new FlyMotion() };
  }

  test('moves camera and target together along the view, four times as fast with Shift', () => {
    const { camera, target, fly } = start();
    fly.speed = 10;
    expect(fly.key('KeyW', true)).toBe(true);
    fly.move(camera, target, 0.05);
    expect(camera.position.z).toBeCloseTo(4.5);
    expect(target.z).toBeCloseTo(-0.5);
    fly.key('ShiftLeft', true);
    fly.move(camera, target, 0.05);
    expect(camera.position.z).toBeCloseTo(2.5);
    fly.release();
    expect(fly.isMoving).toBe(false);
  });

  test('does not jump after a pause, and leaves other keys alone', () => {
    const { camera, target, fly } = start();
    fly.speed = 10;
    fly.key('KeyS', true);
    fly.move(camera, target, 60);
    expect(camera.position.z).toBeCloseTo(6);
    expect(fly.key('KeyB', true)).toBe(false);
  });

  test('looks around in place and stops short of straight up', () => {
    const { camera, target, fly } = start();
    const up = new Vector3(0, 1, 0);
    fly.look(camera, target, up, 0, -10_000);
    const pitch = (Math.asin((target.y - camera.position.y) / 5) * 180) / Math.PI;
    expect(camera.position.toArray()).toEqual([0, 0, 5]);
    expect(pitch).toBeCloseTo(89.5, 3);
  });
});
