import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cameraFilesAt, readCamerasAt } from '../../../../electron/cli/cameras.ts';
import { dataPath } from '../../../test-data.ts';

const PLAIN = dataPath('cases/cams/c_plain');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-cameras-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a folder stands for the camera file in it, also for that of the COLMAP model below it', async () => {
  expect((await readCamerasAt(PLAIN)).cameras).toHaveLength(6);
  const model = join(folder, 'sparse', '0');
  await mkdir(model, { recursive: true });
  await cp(PLAIN, model, { recursive: true });
  expect((await readCamerasAt(folder)).cameras).toHaveLength(6);
  // All that is read is known beforehand, so that no output replaces it.
  expect(await cameraFilesAt(folder)).toEqual(
    expect.arrayContaining([join(model, 'images.txt'), join(model, 'cameras.txt')]),
  );
});

it('a folder without one says what was looked for', async () => {
  await expect(readCamerasAt(folder)).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('holds no camera file') as string,
  });
});
