import { expect, test } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { dot, normalise } from '../../../renderer/core/vector.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { capturedDirections, surroundingCover, tryViews } from '../../../renderer/refine/captured-views.ts';
import { drawnScene } from '../../../renderer/refine/region.ts';
import { ballInRoom, madeScene, onSphere } from './made-scenes.ts';

const identity = { scale: 1, shift: [0, 0, 0], logScale: 0 } as const;
const conventions = { quaternions: 'unit', colour: 'sh', shDegree: 1 } as const;
const ball = { centre: [0, 0, 0] as Vec3, radius: 0.6 };
const noWait = () => Promise.resolve();

function drawn(scene: SplatScene): readonly [Float32Array, number] {
  const rows = Int32Array.from({ length: scene.count }, (_, row) => row);
  const { features, stride } = drawnScene(scene, rows, identity, conventions);
  return [features, stride];
}

test('nothing covers the space around a lone object, and a room covers all of it', async () => {
  const lone = madeScene([{ count: 3000, place: onSphere([0, 0, 0], 0.5), size: 0.02 }]);
  expect(await surroundingCover(...drawn(lone), ball, noWait)).toBeLessThan(0.02);
  expect(await surroundingCover(...drawn(ballInRoom([0, 0, 0])), ball, noWait)).toBeGreaterThan(0.9);
});

test('a scene was captured from where fine splats are seen and none stands in the way', async () => {
  // Fine where x > 0, coarse elsewhere, and floaters on the far side, as a half ring of photos from +x leaves a fit.
  const towards: Vec3 = [1, 0, 0];
  const half = (sign: number) => (u: number, v: number, w: number) => {
    const [x, y, z] = onSphere([0, 0, 0], 0.5)(u, v, w);
    return [sign * Math.abs(x), y, z] as Vec3;
  };
  const floaters = (u: number, v: number, w: number): Vec3 => [-0.9 - 0.4 * u, v - 0.5, w - 0.5];
  const scene = madeScene([
    { count: 4000, place: half(1), size: 0.015 },
    { count: 600, place: half(-1), size: 0.08 },
    { count: 200, place: floaters, size: 0.15, opacityLogit: 1 },
    { count: 3000, place: onSphere([0, 0, 0], 4), size: 0.25 },
  ]);
  const directions = capturedDirections(await tryViews(...drawn(scene), ball, noWait));
  expect(directions.length).toBeGreaterThan(5);
  const along = directions.map((direction) => dot(normalise(direction), towards));
  expect(Math.min(...along)).toBeGreaterThan(-0.3);
  expect(along.reduce((sum, value) => sum + value, 0) / along.length).toBeGreaterThan(0.5);
});

test('no view is taken for captured that looks up through the ground', async () => {
  // The ground is fine and hides what stands on it from below; above, a few coarse leaves stand in every view's way.
  const scene = madeScene([
    { count: 5000, place: (u, v) => [3 * u - 1.5, 3 * v - 1.5, -0.5], size: 0.012 },
    { count: 2000, place: onSphere([0, 0, 0], 0.5), size: 0.02 },
    { count: 300, place: (u, v, w) => onSphere([0, 0, 0], 1)(u / 2 + 0.5, v, w), size: 0.1, opacityLogit: -1 },
    { count: 3000, place: onSphere([0, 0, 0], 4), size: 0.25 },
  ]);
  const tried = await tryViews(...drawn(scene), ball, noWait);
  expect(tried.length).toBeGreaterThan(40);
  expect(Math.min(...tried.map(({ direction }) => direction[2]))).toBeGreaterThanOrEqual(-0.5);
  expect(Math.max(...tried.map(({ direction }) => direction[2]))).toBeGreaterThan(0.9);
});

test('where the sharp views are not whole, and the whole ones not sharp, the sharp ones were captured', () => {
  const [front, back]: Vec3[] = [
    [1, 0, 0],
    [-1, 0, 0],
  ];
  const sharp = Array.from({ length: 6 }, () => ({ direction: front, angularSize: 0.01, cover: 0.5 }));
  const whole = Array.from({ length: 6 }, () => ({ direction: back, angularSize: 0.1, cover: 1 }));
  expect(capturedDirections([...sharp, ...whole])).toEqual(sharp.map(({ direction }) => direction));
});
