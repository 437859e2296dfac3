import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cameraFileBelow, cameraFileBeside } from '../../../../electron/capture/camera-places.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-places-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'x');
  }
}

it.each([
  ['a.ply', ['cameras.json', 'transforms.json'], 'cameras.json'],
  ['a.ply', ['Transforms.JSON', 'sparse/0/images.bin'], 'Transforms.JSON'],
  ['a.ply', ['sparse/0/images.txt', 'sparse/images.bin'], 'sparse/0/images.txt'],
  ['point_cloud/iteration_30000/point_cloud.ply', ['cameras.json'], 'cameras.json'],
  // The file in the scene's own folder goes before the one above.
  [
    'point_cloud/iteration_7/a.ply',
    ['cameras.json', 'point_cloud/iteration_7/b.ply', 'point_cloud/iteration_7/transforms.json'],
    'point_cloud/iteration_7/transforms.json',
  ],
])('beside %s, of %j, is %s', async (scene, files, expected) => {
  put(scene, ...files);
  expect(await cameraFileBeside(join(folder, scene))).toBe(join(folder, expected));
});

it.each(['elsewhere/iteration_7/a.ply', 'below/a.ply'])('is not looked for above %s', async (scene) => {
  put(scene, 'cameras.json');
  expect(await cameraFileBeside(join(folder, scene))).toBeUndefined();
});

it('finds nothing in a folder without any, and none in one that is not there', async () => {
  expect(await cameraFileBelow(folder)).toBeUndefined();
  expect(await cameraFileBelow(join(folder, 'nowhere'))).toBeUndefined();
});
