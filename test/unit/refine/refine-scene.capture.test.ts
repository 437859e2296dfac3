import { PNG } from 'pngjs';
import { beforeAll, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { sceneBounds } from '../../../renderer/camera/scene-bounds.ts';
import { clearSide } from '../../../renderer/camera/clear-side.ts';
import { framingOf } from '../../../renderer/camera/framing.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { cameraCentre } from '../../../renderer/core/camera-parameters.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { psnr } from '../../../renderer/core/metrics.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { rowsInside } from '../../../renderer/core/subject.ts';
import { distance, dot } from '../../../renderer/core/vector.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { readCaptureCameras } from '../../../renderer/judge/read-capture-cameras.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { RefineResult } from '../../../renderer/refine/refine-scene.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { readData } from '../io/fixtures.ts';

/** Where the captured thing stands, and how large it is, as its maker knew. */
const SUBJECT = { centre: [-0.05, 0.03, 0.04], radius: 0.61 } as const;

let scene: SplatScene;
let cameras: CameraParameters[];
let photos: PNG[];
let answer: RefineResult;
beforeAll(async () => {
  scene = await readData('capture/scene.ply');
  const capture = await readCaptureCameras(sourceFromBytes('transforms.json', dataBytes('capture/transforms.json')));
  cameras = capture.cameras.map(({ parameters }) => parameters);
  photos = capture.cameras.map(({ image }) => PNG.sync.read(Buffer.from(dataBytes(`capture/${image}`))));
  answer = await refineScene(scene, await openModel(), createNodeBackend({ threads: 1 }), { cameras });
}, 300_000);

/** Mean agreement with the photos, dB. */
function agreement(some: SplatScene): number {
  const values = cameras.map((camera, i) => {
    const { width, height, data } = photos[i];
    const drawn = renderReference(some, camera, [0, 0, 0]).map((value) => Math.min(1, value));
    return psnr({ width, height, data: drawn }, { width, height, data: Uint8Array.from(data) });
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

it('opens on its subject, from within the room, as its photos were taken', () => {
  const bounds = sceneBounds(scene);
  expect(bounds.isSurrounded).toBe(true);
  expect(distance(bounds.centre, SUBJECT.centre)).toBeLessThan(0.3);
  const side = clearSide(scene, bounds, [0, 0, 1]);
  if (side === undefined) throw new Error('The room leaves no side.');
  const far = Math.max(...cameras.map(({ worldToView }) => distance(cameraCentre(worldToView), SUBJECT.centre)));
  const { target, distance: from } = framingOf(bounds, 50, 16 / 9);
  expect(distance(target, SUBJECT.centre)).toBeLessThan(0.3);
  expect(from).toBeLessThan(1.1 * far);
  expect(Math.abs(dot(side, [0, 0, 1]))).toBeLessThan(1e-6);
});

it('has its subject cut out for the network, and all else passes byte for byte', () => {
  const { report } = answer;
  expect(report).toMatchObject({ isSurrounded: true, proof: { evidence: 'cameras', views: 16 } });
  if (report.region === null) throw new Error('No region was told.');
  expect(distance(report.region.centre, SUBJECT.centre)).toBeLessThan(0.3);
  expect(report.region.radius).toBeGreaterThan(0.5 * SUBJECT.radius);
  expect(report.region.radius).toBeLessThan(2 * SUBJECT.radius);
  const every = Int32Array.from({ length: scene.count }, (_, row) => row);
  const inside = rowsInside(scene, every, report.region);
  expect(report.refined).toBeLessThanOrEqual(inside.length);
  expect(report.refined).toBeGreaterThan(1000);
  const around = new Uint8Array(scene.count).fill(1);
  for (const row of inside) around[row] = 0;
  expect(keepRows(answer.scene, around)).toEqual(keepRows(scene, around));
  expect(answer.scene.positions).not.toEqual(scene.positions);
});

it('shows the photos as well as before', () => {
  const before = agreement(scene);
  expect(before).toBeGreaterThan(20);
  expect(agreement(answer.scene)).toBeGreaterThan(before - 0.1);
});
