import { expect, test } from 'vitest';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { normalise } from '../../../renderer/core/vector.ts';
import { viewFrom } from '../../../renderer/refine/captured-views.ts';
import { findVeil } from '../../../renderer/refine/veil.ts';
import type { MadeSplats } from './made-scenes.ts';
import { madeScene, onSphere } from './made-scenes.ts';

const [ballSplats, groundSplats, floatingSplats] = [2000, 1500, 150];
const noReport = (): Promise<void> => Promise.resolve();

/** Cameras around the ball, 2.3 away and a little above it: none of them sees 1.9 above it. */
const ring = Array.from({ length: 12 }, (_, i) => {
  const azimuth = (2 * Math.PI * i) / 12;
  return lookingFrom([Math.cos(azimuth), Math.sin(azimuth), 0.1]);
});

function lookingFrom(direction: Vec3): CameraParameters {
  return viewFrom({ centre: [0, 0, 0], radius: 1 }, normalise(direction));
}

function around(centre: Vec3, size: number): MadeSplats['place'] {
  return (u, v, w) => [centre[0] + size * (u - 0.5), centre[1] + size * (v - 0.5), centre[2] + size * (w - 0.5)];
}

/** A finely captured ball on a ground, and something that floats. */
function ballAnd(floating: MadeSplats['place']): SplatScene {
  return madeScene([
    { count: ballSplats, place: onSphere([0, 0, 0], 0.5), size: 0.02 },
    { count: groundSplats, place: (u, v) => [4 * u - 2, 4 * v - 2, -0.55], size: 0.1 },
    { count: floatingSplats, place: floating, size: 0.1, opacityLogit: -1 },
  ]);
}

/** How many of the ball, of its ground, and of what floats are found. */
async function found(
  scene: SplatScene,
  cameras: readonly CameraParameters[] = ring,
  up: 'z' | 'y' = 'z',
  mostSeen = 0.1,
): Promise<readonly [number, number, number]> {
  const mask = await findVeil(scene, { cameras, up, mostSeen }, noReport);
  const count = (from: number, to: number): number => mask.subarray(from, to).reduce((sum, one) => sum + one, 0);
  const ground = ballSplats + groundSplats;
  return [count(0, ballSplats), count(ballSplats, ground), count(ground, scene.count)];
}

const overTheBall = around([0, 0, 1.7], 0.3);

test('finds what hides the subject from above and was in no camera’s picture', async () => {
  const [ofBall, ofGround, ofVeil] = await found(ballAnd(overTheBall));
  expect(ofBall).toBe(0);
  // Corners that no camera had in its frame lie over each other.
  expect(ofGround).toBeLessThan(0.01 * groundSplats);
  expect(ofVeil).toBeGreaterThan((2 / 3) * floatingSplats);
});

test('leaves it where cameras saw it', async () => {
  const above = [lookingFrom([0, 0.2, 1]), lookingFrom([0.2, -0.1, 1]), lookingFrom([-0.2, -0.1, 1])];
  const [, , ofVeil] = await found(ballAnd(overTheBall), [...ring, ...above]);
  expect(ofVeil).toBe(0);
});

test('finds more of what cameras saw a little, the more they may have seen', async () => {
  const scene = ballAnd(around([0, 0, 1.2], 0.5));
  const [[, , few], [, , more]] = [await found(scene, ring, 'z', 0.02), await found(scene, ring, 'z', 0.5)];
  expect(more).toBeGreaterThan(few);
});

test('leaves what stands before nothing: it may be all that is there', async () => {
  const alone = madeScene([
    { count: ballSplats, place: onSphere([0, 0, 0], 0.5), size: 0.02 },
    { count: floatingSplats, place: around([1, 0, 1.7], 0.3), size: 0.1, opacityLogit: -1 },
  ]);
  const mask = await findVeil(alone, { cameras: ring, up: 'z', mostSeen: 0.1 }, noReport);
  expect(mask.reduce((sum, one) => sum + one, 0)).toBe(0);
});

test('leaves the subject’s own back, which a half ring did not see', async () => {
  const half = ring.filter((_, i) => i < 5);
  const [ofBall] = await found(ballAnd(overTheBall), half);
  expect(ofBall).toBe(0);
});

test('finds the same in a scene that has y up', async () => {
  const scene = ballAnd(overTheBall);
  const turned: SplatScene = { ...scene, positions: scene.positions.slice() };
  for (let row = 0; row < scene.count; row++) turned.positions.set(toY(scene.positions.subarray(3 * row)), 3 * row);
  const cameras = ring.map((camera) => {
    const { worldToView: m } = camera;
    const [a, b, c] = [0, 4, 8].map((k) => toY(m.subarray(k)));
    return { ...camera, worldToView: Float64Array.of(...a, m[3], ...b, m[7], ...c, m[11], 0, 0, 0, 1) };
  });
  const [ofBall, , ofVeil] = await found(turned, cameras, 'y');
  expect(ofBall).toBe(0);
  expect(ofVeil).toBeGreaterThan((2 / 3) * floatingSplats);
});

/** Where z was up, y is. */
function toY([x, y, z]: ArrayLike<number> & Iterable<number>): Vec3 {
  return [x, z, -y];
}

test('says that cameras of another scene show nothing of this one', async () => {
  const elsewhere = [viewFrom({ centre: [500, 0, 0], radius: 1 }, [1, 0, 0])];
  await expect(found(ballAnd(overTheBall), elsewhere)).rejects.toMatchObject({ code: 'usage' });
});

test('finds nothing in a scene without splats that can be drawn', async () => {
  const scene = madeScene([{ count: 5, place: onSphere([0, 0, 0], 1), size: 0.1 }]);
  scene.positions.fill(NaN);
  expect([...(await findVeil(scene, { cameras: ring, up: 'z', mostSeen: 0.1 }, noReport))]).toEqual([0, 0, 0, 0, 0]);
});
