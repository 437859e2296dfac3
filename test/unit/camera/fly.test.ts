import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { FlyMotion } from '../../../renderer/camera/fly.ts';

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
