import { expect, it } from 'vitest';
import { createScene, shRestCount } from '../../../renderer/core/splat-scene.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { frameOfExtensions, mirrorAlongZ } from '../../../renderer/io/spz-frame.ts';
import { readData } from './fixtures.ts';

/** A record of another extension, and one that names the frame at a place of the list. */
function records(frame: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8 + 3 + 8 + 4));
  [0xadbe0002, 3].forEach((value, k) => bytes.setUint32(4 * k, value, true));
  [0xadbe0003, 4, frame].forEach((value, k) => bytes.setUint32(11 + 4 * k, value, true));
  return new Uint8Array(bytes.buffer);
}

it.each([
  [4, 'y', false], // RUB
  [6, '-y', false], // RDF
  [7, 'y', false], // LUF
  [8, 'y', true], // RUF
  [12, 'z', false], // RFU
  [10, '-z', true], // RFD
  [16, 'z', true], // RBU
] as const)('reads frame %d: up is %s', (frame, up, isMirrored) => {
  expect(frameOfExtensions(records(frame))).toEqual({ up, isMirrored });
});

it('takes what names no frame, or an unknown one, for silence', () => {
  for (const frame of [0, 17]) expect(frameOfExtensions(records(frame))).toBeUndefined();
  expect(frameOfExtensions(records(4).subarray(0, 15))).toBeUndefined();
  expect(frameOfExtensions(new Uint8Array(0))).toBeUndefined();
});

it.each([
  ['v3_says_rdf', { up: '-y', upIsGuessed: false }],
  ['v4_says_rdf', { up: '-y', upIsGuessed: false }],
  ['v4_says_rub', { up: 'y', upIsGuessed: false }],
])('reads %s in the frame that it names', async (name, meta) => {
  const scene = await readData(`scenes/spz-frames/${name}.spz`);
  expect(scene).toMatchObject({ count: 984, meta });
  // The post stands on the floor: its highest splat is up there.
  const heights = scene.positions.filter((_, at) => at % 3 === 1).map((y) => (meta.up === 'y' ? y : -y));
  const sorted = heights.slice().sort();
  expect(sorted[983] - sorted[492]).toBeGreaterThan(4 * (sorted[492] - sorted[0]));
});

it('says that the axis of a silent file is a guess', async () => {
  expect((await readData('scenes/biker.spz')).meta).toMatchObject({ up: 'y', upIsGuessed: true });
});

it('mirrors left-handed axes, so that pictures are mirrored', () => {
  const degree = 3;
  const scene = createScene(3, degree, { antialiased: false, up: 'y', format: 'spz', name: 'a.spz' });
  scene.positions.set([0.4, 0.1, 0.3, -0.3, 0.2, -0.1, 0, -0.3, 0.2]);
  scene.logScales.fill(Math.log(0.05));
  scene.logScales[0] = Math.log(0.3);
  scene.quats.set([1, 0.3, -0.5, 0.2, 0.7, 0.1, 0.4, 0.2, 1, 0, 0.3, 0]);
  scene.logitOpacities.fill(3);
  scene.shDc.fill(1);
  for (let i = 0; i < scene.shRest.length; i++) scene.shRest[i] = Math.sin(i) / 4;
  expect(scene.shRest.length).toBe(9 * shRestCount(degree));
  const camera = (z: number) =>
    parseCameraFile({ position: [0, 0, z], target: [0, 0, 0], up: [0, 1, 0], fovYDegrees: 50 }, 24, 24);
  const front = renderReference(scene, camera(-3), [0, 0, 0]);
  const back = renderReference(mirrorAlongZ(scene), camera(3), [0, 0, 0]);
  let worst = 0;
  for (let y = 0; y < 24; y++)
    for (let x = 0; x < 24; x++)
      for (let k = 0; k < 3; k++)
        worst = Math.max(worst, Math.abs(front[3 * (24 * y + x) + k] - back[3 * (24 * y + 23 - x) + k]));
  expect(Math.max(...front)).toBeGreaterThan(0.3);
  expect(worst).toBeLessThan(1e-3);
});
