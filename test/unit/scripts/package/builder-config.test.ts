import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const load = (path: string): Promise<unknown> => import(/* @vite-ignore */ pathToFileURL(join(ROOT, path)).href);

interface Config {
  readonly artifactName: string;
  readonly extraFiles?: readonly object[];
  readonly appImage: { readonly executableArgs: readonly string[] };
  readonly linux: { readonly target: readonly string[] };
  readonly win: { readonly target: readonly string[] };
  readonly mac: { readonly target: readonly { readonly target: string; readonly arch: readonly string[] }[] };
}

/** The scripts are plain JavaScript, without types. */
const { builderConfig, appImageConfig } = (await load('scripts/package/builder-config.mjs')) as {
  builderConfig: (parts: object) => Config;
  appImageConfig: (config: Config, isStandIn: boolean) => Config;
};
/** electron-builder's own check, by its own schema. */
const { validateConfiguration } = (await load('node_modules/app-builder-lib/out/util/config/config.js')) as {
  validateConfiguration: (config: object, debugLogger: object) => Promise<void>;
};
const check = (config: object): Promise<void> => validateConfiguration(config, { isEnabled: false });

const config = builderConfig({
  electron: { dir: '/electron', version: '45.4.1' },
  signing: { signs: false, notarises: false },
});

describe('the configuration', () => {
  it('is one that electron-builder takes, with an installer for every system', async () => {
    await check(config);
    await check(appImageConfig(config, false));
    expect(config.linux.target).toEqual(['AppImage']);
    expect(config.win.target).toEqual(['nsis']);
    // The zip is what an installed app takes for an update.
    expect(config.mac.target.map(({ target, arch }) => [target, ...arch])).toEqual([
      ['dmg', 'universal'],
      ['zip', 'universal'],
    ]);
    await expect(check({ ...config, appImagee: {} })).rejects.toThrow('appImagee');
    await expect(check({ ...config, nsis: { oneClick: 'no' } })).rejects.toThrow('oneClick');
  });

  it('names files as a feed can, and a stand-in as one that no feed takes', () => {
    const fill = (name: string): string =>
      name.replace('${version}', '1.2.3').replace('${arch}', 'x64').replace('${ext}', 'AppImage');
    expect(fill(config.artifactName)).toBe('splatformer-desktop-1.2.3-x64.AppImage');
    expect(fill(appImageConfig(config, true).artifactName)).toContain('~standin');
  });

  it('never turns the sandbox off, neither by a desktop entry nor by the script that starts an AppImage', () => {
    expect(config.appImage.executableArgs).toEqual([]);
    expect(appImageConfig(config, false).extraFiles).toEqual([expect.objectContaining({ to: 'AppRun' })]);
    expect(readFileSync(join(ROOT, 'scripts/package/linux/AppRun'), 'utf8')).not.toContain('no-sandbox');
  });
});
