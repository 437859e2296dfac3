import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../electron/arguments.ts';
import { chooseMode, modeArguments, nextMode, restartArguments } from '../../../electron/graphics.ts';

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

describe('readArguments', () => {
  test('finds scene, model and job among Chromium switches, relative to the working folder', () => {
    const read = readArguments(['--no-sandbox', '--enable-features=Vulkan', '/app', '--model', 'm.pth', 'a.ply', 'b.ply'], '/home/me', '/app');
    expect(read).toEqual({ scene: '/home/me/a.ply', model: '/home/me/m.pth', device: 'auto', renderJob: undefined, selfTest: false });
    expect(readArguments(['--device', 'webgpu', 'a.ply'], '/', undefined)).toMatchObject({ device: 'webgpu', scene: '/a.ply' });
    expect(readArguments(['--device=tpu'], '/', undefined).device).toBe('auto');
    expect(readArguments(['--render-job=/j.json', '--self-test'], '/', undefined)).toMatchObject({ renderJob: '/j.json', selfTest: true, scene: undefined });
  });
});
