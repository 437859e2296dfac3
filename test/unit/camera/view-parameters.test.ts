import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import {
  elevationDegrees,
  fovOfShare,
  framingDistance,
  nearDistance,
  viewParameters,
} from '../../../renderer/camera/view-parameters.ts';

describe('viewParameters', () => {
  test('agrees with a camera file that describes the same view', () => {
    const camera = new PerspectiveCamera(40, 1.5, 0.1, 100);
    camera.up.set(0, 0, 1);
    camera.position.set(3, -2, 1.5);
    camera.lookAt(0.5, 0.25, -0.5);
    const made = viewParameters(camera, 600, 400);
    const written = parseCameraFile(
      { position: [3, -2, 1.5], target: [0.5, 0.25, -0.5], up: [0, 0, 1], fovYDegrees: 40 },
      600,
      400,
    );
    made.worldToView.forEach((value, index) => expect(value).toBeCloseTo(written.worldToView[index], 12));
    expect(made.fx).toBeCloseTo(written.fx, 10);
    expect([made.fy, made.cx, made.cy, made.width, made.height]).toEqual([made.fx, 300, 200, 600, 400]);
  });

  test('puts a point in front of the camera at positive depth, and what is higher nearer the top', () => {
    const camera = new PerspectiveCamera(50, 1, 0.1, 100);
    camera.position.set(0, 0, 5);
    camera.lookAt(0, 0, 0);
    const { worldToView: m, fy, cy } = viewParameters(camera, 100, 100);
    const [, y, z] = [0, 1, 2].map((row) => m[row * 4 + 1] * 1 + m[row * 4 + 3]) as [number, number, number];
    expect(z).toBeCloseTo(5);
    expect((fy * y) / z + cy).toBeLessThan(50);
  });
});

test('elevation is the angle above the plane across up', () => {
  expect(elevationDegrees(new Vector3(1, 0, 1), new Vector3(0, 0, 1))).toBeCloseTo(45);
  expect(elevationDegrees(new Vector3(0, 3, 0), new Vector3(0, -1, 0))).toBeCloseTo(-90);
  expect(elevationDegrees(new Vector3(0, 0, 0), new Vector3(0, 1, 0))).toBe(0);
});

test('the framing distance fits a sphere into the smaller side', () => {
  expect(framingDistance(1, 60, 2)).toBeCloseTo(2);
  expect(framingDistance(1, 60, 0.5)).toBeGreaterThan(framingDistance(1, 60, 1));
});

test('the field of view of a share of the height is that of a picture which has no more', () => {
  expect(fovOfShare(60, 1)).toBeCloseTo(60);
  expect(fovOfShare(90, 0.5)).toBeCloseTo(53.13, 2);
});

describe('nearDistance', () => {
  test("is INRIA's in large scenes, and in small ones a fiftieth of their radius", () => {
    expect(nearDistance(30, 80)).toBe(0.2);
    expect(nearDistance(0.05, framingDistance(0.05, 50, 1))).toBeCloseTo(0.001, 12);
  });

  test('comes down on what is looked at from close by, but not to where the sort ends', () => {
    expect(nearDistance(30, 0.15)).toBeCloseTo(0.015, 12);
    expect(nearDistance(30, 0)).toBeCloseTo(3e-4, 12);
  });
});
