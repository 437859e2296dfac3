import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { parseCameraFile } from '../../renderer/core/camera-file.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { psnr } from '../gpu/psnr.ts';
import { ROOT } from './app.ts';

const WIDTH = 201;
const HEIGHT = 153;
const CAMERA = { position: [1.1, -1.4, 1.9], target: [0, 0, 0], up: [0, 0, 1], fovYDegrees: 32 };
const BACKGROUND = [0.2, 0.4, 0.6] as const;

test('the command line renders the sample as the CPU twin does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-render-'));
  const sample = join(ROOT, 'test/data/scenes/sample.ply');
  const [camera, out] = [join(folder, 'camera.json'), join(folder, 'out.png')];
  try {
    await writeFile(camera, JSON.stringify(CAMERA));
    const args = [
      'render',
      sample,
      '--camera',
      camera,
      '--size',
      `${WIDTH}x${HEIGHT}`,
      '--out',
      out,
      '--background',
      BACKGROUND.join(','),
    ];
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...args], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(`${status} ${stderr}`).toBe('0 ');

    const picture = PNG.sync.read(await readFile(out));
    expect([picture.width, picture.height]).toEqual([WIDTH, HEIGHT]);
    const source = await openFileSource(sample);
    const scene = await readScene(source);
    await source.close();
    const twin = renderReference(scene, parseCameraFile(CAMERA, WIDTH, HEIGHT), BACKGROUND);
    const rgba = Float32Array.from(picture.data, (value) => value / 255);
    expect(psnr(rgba, twin)).toBeGreaterThan(45);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
