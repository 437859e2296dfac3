import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { cameraCentre, rigidWorldToView } from '../../../renderer/core/camera-parameters.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { norm, subtract } from '../../../renderer/core/vector.ts';
import { toCanonical } from '../../../renderer/refine/canonical-frame.ts';
import { captureLowViews, evidenceKind } from '../../../renderer/refine/evidence.ts';
import type { RefinedRegion } from '../../../renderer/refine/region.ts';
import { visibilityFeatures, visibilityWidth } from '../../../renderer/refine/visibility.ts';

const ball = { centre: [0, 0, 0], radius: 1 } as const;
const lone = (splats: number): RefinedRegion => ({ rows: new Int32Array(splats), ball: null, isSurrounded: false });
const unchanged = { up: 'z', normalization: { scale: 1, logScale: 0, shift: [0, 0, 0] } } as const;

/** Where a camera stands is all that counts. */
function cameraAt(eye: Vec3): CameraParameters {
  const axes: [Vec3, Vec3, Vec3] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return { worldToView: rigidWorldToView(axes, eye), fx: 9, fy: 9, cx: 4, cy: 4, width: 8, height: 8 };
}

it('tells what an answer is proved by: nothing where a lone object is as the network knows them', () => {
  expect(evidenceKind(0, lone(30_000), 'sure')).toBeNull();
  expect(evidenceKind(0, lone(30_001), 'sure')).toBe('lowViews');
  expect(evidenceKind(0, lone(30_001), 'unused')).toBeNull();
  expect(evidenceKind(0, lone(30_001), 'doubted')).toBe('around');
  const surrounded: RefinedRegion = { rows: new Int32Array(9), ball, isSurrounded: true };
  expect(evidenceKind(0, surrounded, 'sure')).toBe('sharpness');
  for (const up of ['doubted', 'unused'] as const) expect(evidenceKind(0, surrounded, up)).toBe('around');
  expect(evidenceKind(1, surrounded, 'doubted')).toBe('cameras');
});

it('lets the network see what the cameras of a capture saw, as training does', async () => {
  const rows = z.array(z.array(z.number()));
  const text = await readFile('test/data/evidence/capture-views.json', 'utf8');
  const example = z
    .object({
      splats: rows,
      surroundings: rows,
      eyes: z.array(z.tuple([z.number(), z.number(), z.number()])),
      visibility: rows,
    })
    .parse(JSON.parse(text));
  const stride = 23;
  const features = Float32Array.from(example.splats.flat());
  const cameras = captureLowViews({ kind: 'cameras', cameras: example.eyes.map(cameraAt) }, unchanged);
  if (cameras === null) throw new Error('Cameras are evidence.');
  expect(cameras).toHaveLength(12);
  // Surroundings first, so that the scene's own splats have other places among all that is drawn.
  const capture = {
    cameras,
    features: Float32Array.from([...example.surroundings.flat(), ...example.splats.flat()]),
    stride,
    places: Int32Array.from(example.splats, (_, i) => example.surroundings.length + i),
  };
  const seen = await visibilityFeatures(features, stride, capture, () => Promise.resolve());
  const differences = example.visibility.flat().map((value, i) => Math.abs(value - seen[i]));
  expect(Math.max(...differences)).toBeLessThan(2e-4);
  const ring = await visibilityFeatures(features, stride, null, () => Promise.resolve());
  const low = differences.map((_, i) => (i % visibilityWidth < 7 ? Math.abs(ring[i] - seen[i]) : 0));
  expect(Math.max(...low)).toBeGreaterThan(0.3);
});

it('looks from the same places whatever the units and axes of the scene are', () => {
  const scaled = {
    up: '-y',
    normalization: { scale: 0.01, logScale: Math.log(0.01), shift: [0.5, 0.25, 0.5] },
  } as const;
  const eye: Vec3 = [130, 40, 70];
  const [camera] = captureLowViews({ kind: 'cameras', cameras: [cameraAt(eye)] }, scaled) ?? [];
  const turned = toCanonical(eye, '-y');
  const wanted: Vec3 = [turned[0] * 0.01 + 0.5, turned[1] * 0.01 + 0.25, turned[2] * 0.01 + 0.5];
  expect(norm(subtract(cameraCentre(camera.worldToView), wanted))).toBeLessThan(1e-6);
});

it('looks from guessed directions at one distance, and from the ring where nothing tells of the capture', () => {
  const subject = { centre: [0.4, 0.5, 0.5], radius: 0.6 } as const;
  const directions: Vec3[] = [
    [1, 0, 0],
    [0, 0, 1],
  ];
  const cameras = captureLowViews({ kind: 'sharpness', subject, directions }, unchanged) ?? [];
  expect(cameras.map(({ worldToView }) => cameraCentre(worldToView).map((x) => x.toFixed(6)))).toEqual([
    ['1.650000', '0.500000', '0.500000'],
    ['0.500000', '0.500000', '1.650000'],
  ]);
  expect(captureLowViews(null, unchanged)).toBeNull();
  expect(captureLowViews({ kind: 'around' }, unchanged)).toBeNull();
});
