import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { locateModel } from '../../../../electron/models/open-model.ts';
import { ownModelId } from '../../../../electron/models/registry.ts';
import { userDataFolder } from '../../../../electron/models/user-data.ts';

const MODELS = resolve(import.meta.dirname, '../../../../models');

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'splatformer-locate-'));
  vi.stubEnv('XDG_CONFIG_HOME', home);
  vi.stubEnv('APPDATA', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test('the command line knows the shipped model, what the app remembers, and any file', async () => {
  expect(await locateModel()).toEqual({
    path: join(MODELS, 'splatformer-desktop.pth'),
    sidecarPath: join(MODELS, 'splatformer-desktop.json'),
    name: 'splatformer-desktop',
  });
  await expect(locateModel('anchorsplat-1x')).rejects.toMatchObject({
    code: 'io',
    message: 'AnchorSplat 1× is not installed.',
  });
  await expect(locateModel('nonsense')).rejects.toMatchObject({
    advice: 'Give a checkpoint file (.pth) or one of: splatformer-desktop.',
  });

  const file = join(home, 'mine.pth');
  copyFileSync(join(MODELS, 'splatformer-desktop.pth'), file);
  expect(await locateModel(file)).toEqual({ path: file, sidecarPath: undefined, name: file });
});

test.skipIf(process.platform === 'darwin')(
  'a checkpoint that the app remembers goes by its ID, and a damaged settings file harms nothing ' +
    '(not on macOS: the environment cannot move the user-data folder there)',
  async () => {
    const file = join(home, 'mine.pth');
    copyFileSync(join(MODELS, 'splatformer-desktop.pth'), file);
    const folder = userDataFolder(process.platform, process.env, '/nowhere');
    mkdirSync(folder, { recursive: true });
    const own = { path: file, name: 'Mine', kind: 'splatformer', copies: 1, license: 'not stated' };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ models: { own: [{ path: 7 }, own] } }));
    expect((await locateModel(ownModelId(file))).path).toBe(file);
    writeFileSync(join(folder, 'settings.json'), '{');
    await expect(locateModel(ownModelId(file))).rejects.toMatchObject({ code: 'io' });
  },
);
