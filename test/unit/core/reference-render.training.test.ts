import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { readPicture, writePicture } from '../../gpu/png.ts';
import { dataPath } from '../../test-data.ts';

const TWIN = join(import.meta.dirname, '../../../models/training/tests/twin.png');
const CAMERA = { position: [1.6, -1.9, 1.4], target: [0, 0, 0], up: [0, 0, 1], fovYDegrees: 30 };
const [WIDTH, HEIGHT] = [125, 91];

/** models/training/tests/test_rasteriser.py compares the training's rasteriser with the same picture. */
test('the CPU twin draws a scan as the picture that the training is tested against', async () => {
  const source = await openFileSource(dataPath('scenes/sample.ply'));
  const scene = await readScene(source);
  await source.close();
  const camera = parseCameraFile(CAMERA, WIDTH, HEIGHT);
  const drawn = renderReference(scene, camera, [0.2, 0.5, 0.8]);
  if (process.env['UPDATE_GOLDEN'] !== undefined) writePicture(TWIN, drawn, WIDTH, HEIGHT);
  const { picture } = readPicture(TWIN);
  const largest = drawn.reduce((worst, x, i) => Math.max(worst, Math.abs(Math.min(1, Math.max(0, x)) - picture[i])), 0);
  expect(largest).toBeLessThan(0.51 / 255);
});
