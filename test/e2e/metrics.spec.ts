import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { psnr, ssim } from '../../renderer/core/metrics.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import type { Rgb } from '../../renderer/core/vector.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { readInriaCameras } from '../../renderer/judge/read-inria-cameras.ts';
import type { MetricsReport } from '../../renderer/judge/report.ts';
import { readScan, writeCapture } from '../scan.ts';
import { dataPath } from '../test-data.ts';
import { ROOT } from './app.ts';

const SCAN = dataPath('scan');
const SCENE = join(SCAN, 'scene.ply');

/** 16 x 8 pixels with EXIF orientation 6 (turned by a quarter): red 16 x column, green 30 x row, blue 128. */
const TURNED_JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEy' +
  'ccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09P' +
  'T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAZEAABBQ' +
  'AAAAAAAAAAAAAAAAAABAYiMaH/xAAVAQEBAAAAAAAAAAAAAAAAAAACBP/EABkRAAIDAQAAAAAAAAAAAAAAAAADBAUhUf/aAAwDAQACEQMRAD8A' +
  'kpW/UMLCVv1DAAPlN6T1U12af//Z';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-metrics-'));
});
test.afterEach(() => rm(folder, { recursive: true }));

function metrics(...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/cli.js'), 'metrics', ...args], {
    encoding: 'utf8',
    timeout: 170_000,
  });
}

async function readPly(path: string): Promise<SplatScene> {
  const source = await openFileSource(path);
  try {
    return await readScene(source);
  } finally {
    await source.close();
  }
}

/** The figures by the CPU twin, its picture rounded to bytes as a PNG would be. */
async function expected(cameras: string, images: string, scene: SplatScene, background: Rgb) {
  const capture = readInriaCameras('cameras.json', JSON.parse(await readFile(cameras, 'utf8')));
  return Promise.all(
    capture.cameras.map(async ({ image, parameters }) => {
      const { data, width, height } = PNG.sync.read(await readFile(join(images, `${image}.png`)));
      const picture = {
        width,
        height,
        data: Uint8ClampedArray.from(renderReference(scene, parameters, background), (value) => value * 255),
      };
      const photo = new Uint8ClampedArray(width * height * 3);
      for (let i = 0; i < photo.length; i++) {
        const pixel = Math.floor(i / 3) * 4;
        const alpha = data[pixel + 3] / 255;
        photo[i] = data[pixel + (i % 3)] * alpha + background[i % 3] * 255 * (1 - alpha);
      }
      return {
        psnr: psnr(picture, { width, height, data: photo }),
        ssim: ssim(picture, { width, height, data: photo }),
      };
    }),
  );
}

function expectClose(report: MetricsReport, figures: readonly { psnr: number; ssim: number }[]): void {
  expect(report.views).toHaveLength(figures.length);
  report.views.forEach((view, i) => {
    expect(Math.abs((view.psnr as number) - figures[i].psnr)).toBeLessThan(0.05);
    expect(Math.abs(view.ssim - figures[i].ssim)).toBeLessThan(0.001);
  });
  const mean = (key: 'psnr' | 'ssim'): number =>
    report.views.reduce((sum, view) => sum + (view[key] as number), 0) / report.views.length;
  expect(report.mean.psnr).toBeCloseTo(mean('psnr'), 9);
  expect(report.mean.ssim).toBeCloseTo(mean('ssim'), 9);
}

test('measures a real scan as the CPU twin does', async () => {
  const { cameras, images } = await writeCapture(folder, readScan(SCAN));
  const { status, stdout, stderr } = metrics(SCENE, '--cameras', cameras, '--images', images, '--json');
  expect(`${status} ${stderr}`).toBe('0 ');
  const report = JSON.parse(stdout) as MetricsReport;
  expect(report.views.map(({ image }) => image)).toEqual(
    Array.from({ length: 15 }, (_, i) => `view_${String(i).padStart(2, '0')}.png`),
  );
  expectClose(report, await expected(cameras, images, await readPly(SCENE), [0, 0, 0]));
  // The scan was photographed from near the ground: seen from above it is worse.
  expect(report.views[0].psnr as number).toBeGreaterThan((report.views[14].psnr as number) + 3);
});

test('shows a background through transparent photos, and goes on after cameras without one and bad ones', async () => {
  const views = readScan(SCAN).slice(0, 4);
  const { cameras, images } = await writeCapture(folder, views);
  // Black turns transparent; the photo of the third camera is damaged, that of the fourth is gone.
  for (const { name } of views.slice(0, 2)) {
    const png = PNG.sync.read(await readFile(join(images, `${name}.png`)));
    for (let at = 0; at < png.data.length; at += 4)
      png.data[at + 3] = Math.min(255, 3 * (png.data[at] + png.data[at + 1] + png.data[at + 2]));
    await writeFile(join(images, `${name}.png`), PNG.sync.write(png));
  }
  await writeFile(join(images, 'view_02.png'), 'no picture');
  await rm(join(images, 'view_03.png'));
  const { status, stdout, stderr } = metrics(
    SCENE,
    '--cameras',
    cameras,
    '--images',
    folder,
    '--background',
    '0,0.5,1',
    '--json',
  );
  expect(stderr).toContain('1 of 4 cameras have no photo');
  expect(stderr).toContain('images/view_02.png: view_02.png is no picture that can be decoded');
  expect(status).toBe(1);
  const report = JSON.parse(stdout) as MetricsReport;
  expect(report.views.map(({ image }) => image)).toEqual(['images/view_00.png', 'images/view_01.png']);
  await writeFile(cameras, JSON.stringify((JSON.parse(await readFile(cameras, 'utf8')) as unknown[]).slice(0, 2)));
  expectClose(report, await expected(cameras, images, await readPly(SCENE), [0, 0.5, 1]));
});

test('gives null for equal pictures, takes smaller photos, and prints a table', async () => {
  // From along an axis both ways to write a camera come out as the same numbers.
  const view = { ...readScan(SCAN)[0], rotation: [1, 0, 0, 0, 0, -1, 0, 1, 0], translation: [0, 0, 3] };
  const { cameras, images } = await writeCapture(folder, [view]);
  // The app's own picture as the photo, at half the size that the camera file says.
  const half = view.size / 2;
  const [worldToCamera, picture] = [join(folder, 'camera.json'), join(images, 'view_00.png')];
  const [r, t] = [view.rotation, view.translation];
  await writeFile(
    worldToCamera,
    JSON.stringify({
      worldToCamera: [r[0], r[1], r[2], t[0], r[3], r[4], r[5], t[1], r[6], r[7], r[8], t[2], 0, 0, 0, 1],
      fx: view.focal / 2,
      fy: view.focal / 2,
      cx: half / 2,
      cy: half / 2,
    }),
  );
  const render = spawnSync(
    process.execPath,
    [
      join(ROOT, 'dist/cli/cli.js'),
      'render',
      SCENE,
      '--camera',
      worldToCamera,
      '--size',
      `${half}x${half}`,
      '--out',
      picture,
    ],
    { encoding: 'utf8', timeout: 100_000 },
  );
  expect(`${render.status} ${render.stderr}`).toBe('0 ');
  const json = metrics(SCENE, '--cameras', cameras, '--images', images, '--json');
  expect(`${json.status} ${json.stderr}`).toBe('0 ');
  expect(JSON.parse(json.stdout)).toEqual({
    views: [{ image: 'view_00.png', psnr: null, ssim: expect.closeTo(1, 9) }],
    mean: { psnr: null, ssim: expect.closeTo(1, 9) },
  });
  // The same camera as NeRF's synthetic scenes write it: OpenGL axes, an angle, no size, no ending.
  const position = [0, 1, 2].map((axis) => -(r[axis] * t[0] + r[3 + axis] * t[1] + r[6 + axis] * t[2]));
  const pose = [0, 1, 2].map((axis) => [r[axis], -r[3 + axis], -r[6 + axis], position[axis]]);
  const transforms = join(folder, 'transforms_test.json');
  await writeFile(
    transforms,
    JSON.stringify({
      camera_angle_x: 2 * Math.atan(view.size / 2 / view.focal),
      frames: [{ file_path: './images/view_00', transform_matrix: [...pose, [0, 0, 0, 1]] }],
    }),
  );
  expect(
    (JSON.parse(metrics(SCENE, '--cameras', transforms, '--images', folder, '--json').stdout) as MetricsReport).views[0]
      .psnr ?? 99,
  ).toBeGreaterThan(60);
  expect(metrics(SCENE, '--cameras', folder, '--images', images).stdout).toMatch(
    /PSNR dB {5}SSIM {2}image\n {3}equal {3}1\.0000 {2}view_00\.png\n {3}equal {3}1\.0000 {2}mean of 1\n$/,
  );
});

test('reads a photo as it is stored, whatever EXIF says of turning it', async () => {
  await writeFile(join(folder, 'turned.jpg'), Buffer.from(TURNED_JPEG, 'base64'));
  // Looks away from the scene: the picture is the background alone.
  const away = {
    img_name: 'turned',
    width: 16,
    height: 8,
    rotation: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    position: [0, 0, 1000],
    fx: 16,
    fy: 16,
  };
  const cameras = join(folder, 'cameras.json');
  await writeFile(cameras, JSON.stringify([away]));
  const { status, stdout, stderr } = metrics(
    SCENE,
    '--cameras',
    cameras,
    '--images',
    folder,
    '--json',
    '--background',
    '0,0,128',
  );
  expect(`${status} ${stderr}`).toBe('0 ');
  // Red is 16 times the column, green 30 times the row, blue the background's: up to what JPEG leaves out.
  const sum = Array.from({ length: 128 }, (_, i) => ((i % 16) * 16) ** 2 + (Math.floor(i / 16) * 30) ** 2).reduce(
    (a, b) => a + b,
  );
  const [view] = (JSON.parse(stdout) as MetricsReport).views;
  expect(view.image).toBe('turned.jpg');
  expect(Math.abs((view.psnr as number) - -10 * Math.log10(sum / 255 ** 2 / (128 * 3)))).toBeLessThan(0.3);
});

test('names what is missing before it starts the app', async () => {
  const { cameras, images } = await writeCapture(folder, readScan(SCAN).slice(0, 1));
  const complaint = (...args: string[]) => {
    const { status, stdout, stderr } = metrics(...args);
    return `${status} ${stdout}${stderr}`;
  };
  expect(complaint(SCENE, '--cameras', cameras)).toContain('2 splatformer: --images DIR is missing.');
  expect(complaint(SCENE, '--cameras', cameras, '--images', join(folder, 'nowhere'))).toContain(
    '1 splatformer: There is no folder',
  );
  expect(complaint(join(folder, 'x.ply'), '--cameras', cameras, '--images', images)).toContain(
    '1 splatformer: There is no file',
  );
  expect(complaint(SCENE, '--cameras', join(images, 'view_00.png'), '--images', images)).toMatch(
    /^1 splatformer: view_00\.png/,
  );
  await rm(join(images, 'view_00.png'));
  expect(complaint(SCENE, '--cameras', cameras, '--images', images)).toContain(
    "belongs to any of the 1 cameras. The first camera's photo is called view_00.",
  );
});
