import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  Graphics,
  chooseMode,
  modeArguments,
  nextMode,
  restartArguments,
} from '../../../../electron/window/graphics.ts';
import { NO_ADAPTER_EXIT_CODE } from '../../../../electron/window/no-adapter-exit-code.ts';
import { SettingsStore } from '../../../../electron/settings.ts';

describe('graphics modes', () => {
  test('fall from standard to X11 with Vulkan to software, and end there', () => {
    expect(nextMode('default', 'linux')).toBe('x11-vulkan');
    expect(nextMode('x11-vulkan', 'linux')).toBe('software');
    expect(nextMode('software', 'linux')).toBeUndefined();
    expect(nextMode('default', 'win32')).toBe('software');
  });

  test('a named mode wins; a trial that never reported moves on; an unknown one is passed over', () => {
    expect(chooseMode('software', { mode: 'default' }, 'linux')).toBe('software');
    expect(chooseMode('nonsense', { mode: 'x11-vulkan' }, 'linux')).toBe('x11-vulkan');
    expect(chooseMode(undefined, { mode: 'default', trying: 'x11-vulkan' }, 'linux')).toBe('software');
    expect(chooseMode(undefined, { mode: 'x11-vulkan' }, 'darwin')).toBe('default');
  });

  test('never ask ANGLE for SwiftShader without asking Vulkan too', () => {
    for (const mode of ['default', 'x11-vulkan', 'software'] as const) {
      const args = modeArguments(mode);
      expect(args.includes('--use-angle=swiftshader')).toBe(args.includes('--use-vulkan=swiftshader'));
    }
  });

  test('a restart drops the switches of the mode before and keeps everything else', () => {
    const args = restartArguments([...modeArguments('x11-vulkan'), '--no-sandbox', '/app', 'scene.ply'], 'software');
    expect(args.filter((argument) => argument.startsWith('--graphics='))).toEqual(['--graphics=software']);
    expect(args).not.toContain('--ozone-platform=x11');
    expect(args).toEqual(expect.arrayContaining(['--no-sandbox', '/app', 'scene.ply']));
  });
});

describe('what a start remembers of its mode', () => {
  const usable = { usable: true, isSoftware: true, description: 'an adapter' };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'splatformer-graphics-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function startIn(mode: string, file: string, isTask: boolean) {
    const calls = { exit: vi.fn(), relaunch: vi.fn(), warn: vi.fn() };
    const commandLine = {
      getSwitchValue: (name: string) => (name === 'graphics' ? mode : ''),
      appendSwitch: () => undefined,
    };
    const graphics = new Graphics(
      { ...calls, commandLine, disableDomainBlockingFor3DAPIs: () => undefined } as unknown as App,
      new SettingsStore(file, calls.warn),
      isTask,
    );
    return { graphics, ...calls };
  }

  test('is kept by the app and never by a task', () => {
    const file = join(folder, 'settings.json');
    const remembered = (): string => new SettingsStore(file).get().graphics.mode;
    expect(startIn('software', file, true).graphics.decide(usable)).toBe('continue');
    expect(remembered()).toBe('default');
    expect(startIn('software', file, false).graphics.decide(usable)).toBe('continue');
    expect(remembered()).toBe('software');
    expect(startIn('software', file, true).graphics.decide({ ...usable, usable: false })).toBe('continue');
    expect(remembered()).toBe('software');
    const task = startIn('default', file, true);
    expect(task.graphics.decide({ ...usable, usable: false })).toBe('restarting');
    expect(task.exit).toHaveBeenCalledExactlyOnceWith(NO_ADAPTER_EXIT_CODE);
    expect(remembered()).toBe('software');
  });

  test('keeps no start from going on where the disk refuses', () => {
    // A file in the place of its folder stands for a full or read-only disk.
    writeFileSync(join(folder, 'taken'), '');
    const file = join(folder, 'taken/settings.json');
    const { graphics, warn } = startIn('default', file, false);
    expect(graphics.decide(usable)).toBe('continue');
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('settings.json could not be written'));
    const next = startIn('default', file, false);
    expect(next.graphics.decide({ ...usable, usable: false })).toBe('restarting');
    expect(next.relaunch).toHaveBeenCalledOnce();
  });
});
