import { expect, it } from 'vitest';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { splatSeenAt } from '../../../renderer/core/seen-splat.ts';
import { createScene, type SplatScene } from '../../../renderer/core/splat-scene.ts';

/** 100 by 100 pixels, seen from z = 5 on: x = 1 of the plane z = 0 lies 20 pixels right of the middle. */
const CAMERA = parseCameraFile(
  { position: [0, 0, 5], target: [0, 0, 0], up: [0, 1, 0], fovYDegrees: 53.13010235 },
  100,
  100,
);

interface Splat {
  readonly at: readonly [number, number, number];
  readonly size: readonly [number, number, number];
  readonly logit?: number;
  readonly quat?: readonly [number, number, number, number];
}

function sceneOf(...splats: readonly Splat[]): SplatScene {
  const scene = createScene(splats.length, 0, { antialiased: false, up: 'y', format: 'test', name: 'test' });
  splats.forEach(({ at, size, logit = 4, quat = [1, 0, 0, 0] }, i) => {
    scene.positions.set(at, 3 * i);
    scene.logScales.set(size.map(Math.log), 3 * i);
    scene.logitOpacities[i] = logit;
    // Files need not hold unit quaternions.
    scene.quats.set(
      quat.map((component) => 3 * component),
      4 * i,
    );
  });
  return scene;
}

const WALL: Splat = { at: [0, 0, -1], size: [2, 2, 0.01] };

it('finds a large splat far from its centre, at the point that is seen', () => {
  const seen = splatSeenAt(sceneOf(WALL), CAMERA, 80, 60);
  expect(seen?.index).toBe(0);
  // 30 pixels to the right and 10 down, six units away.
  expect(seen?.point[0]).toBeCloseTo(1.8, 3);
  expect(seen?.point[1]).toBeCloseTo(-0.6, 3);
  expect(seen?.point[2]).toBeCloseTo(-1, 3);
});

it('takes what covers the pixel most, not a veil before it', () => {
  const veil: Splat = { at: [0, 0, 1], size: [2, 2, 2], logit: -1 };
  expect(splatSeenAt(sceneOf(veil, WALL), CAMERA, 50, 50)?.index).toBe(1);
  expect(splatSeenAt(sceneOf({ ...veil, logit: 4 }, WALL), CAMERA, 50, 50)?.index).toBe(0);
});

it('goes by how a splat is turned', () => {
  const bar: Splat = { at: [0, 0, 0], size: [1, 0.02, 0.02] };
  const upright: Splat = { ...bar, quat: [Math.SQRT1_2, 0, 0, Math.SQRT1_2] };
  expect(splatSeenAt(sceneOf(bar), CAMERA, 70, 50)?.index).toBe(0);
  expect(splatSeenAt(sceneOf(upright), CAMERA, 70, 50)).toBeUndefined();
  expect(splatSeenAt(sceneOf(upright), CAMERA, 50, 70)?.index).toBe(0);
});

it('forgives a pointer that misses a speck by a few pixels, where nothing else is', () => {
  const speck: Splat = { at: [0, 0, 0], size: [0.001, 0.001, 0.001] };
  expect(splatSeenAt(sceneOf(speck), CAMERA, 54, 52)?.index).toBe(0);
  expect(splatSeenAt(sceneOf(WALL, speck), CAMERA, 54, 52)?.index).toBe(0);
  expect(splatSeenAt(sceneOf(speck), CAMERA, 65, 50)).toBeUndefined();
});

it('leaves out what is not drawn', () => {
  expect(splatSeenAt(sceneOf({ ...WALL, at: [0, 0, 4.9] }), CAMERA, 50, 50)).toBeUndefined();
  expect(splatSeenAt(sceneOf({ ...WALL, at: [NaN, 0, 0] }), CAMERA, 50, 50)).toBeUndefined();
  expect(splatSeenAt(sceneOf({ ...WALL, quat: [0, 0, 0, 0] }), CAMERA, 50, 50)).toBeUndefined();
  expect(splatSeenAt(sceneOf({ ...WALL, logit: -6 }), CAMERA, 50, 50)).toBeUndefined();
});
