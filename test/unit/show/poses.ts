import { expect } from 'vitest';
import type { CameraPose } from '../../../renderer/camera/camera-pose.ts';
import { distance, type Vec3 } from '../../../renderer/core/vector.ts';
import type { CameraKey, CameraPath } from '../../../renderer/show/path.ts';

export const UP: Vec3 = [0, 0, 1];

export function key(timeSeconds: number, position: Vec3, extra: Partial<CameraKey> = {}): CameraKey {
  return { timeSeconds, position, target: [0, 0, 0], up: UP, rollDegrees: 0, fovYDegrees: 50, stop: false, ...extra };
}

export function path(keys: readonly CameraKey[], extra: Partial<CameraPath> = {}): CameraPath {
  return { keys, timing: 'keys', ease: false, ...extra };
}

export function expectSame(actual: CameraPose, expected: CameraPose, digits = 9): void {
  actual.position.forEach((value, axis) => expect(value).toBeCloseTo(expected.position[axis], digits));
  actual.target.forEach((value, axis) => expect(value).toBeCloseTo(expected.target[axis], digits));
  expect(actual.fovYDegrees).toBeCloseTo(expected.fovYDegrees, digits);
  expect(angleDegrees(actual, expected)).toBeLessThan(10 ** -(digits - 4));
}

/** Angle between two orientations. */
export function angleDegrees(a: CameraPose, b: CameraPose): number {
  const dot = a.orientation.reduce((sum, value, axis) => sum + value * b.orientation[axis], 0);
  return (2 * Math.acos(Math.min(1, Math.abs(dot))) * 180) / Math.PI;
}

export function elevationDegrees({ position, target }: CameraPose): number {
  return (Math.asin((position[2] - target[2]) / distance(position, target)) * 180) / Math.PI;
}
