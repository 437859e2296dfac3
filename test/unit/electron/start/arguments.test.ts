import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../../electron/start/arguments.ts';

describe('readArguments', () => {
  test('finds scene, model and job among Chromium switches, relative to the working folder', () => {
    const read = readArguments(
      ['--no-sandbox', '--enable-features=Vulkan', '/app', '--model', 'm.pth', 'a.ply', 'b.ply'],
      '/home/me',
      '/app',
    );
    expect(read).toEqual({
      scene: '/home/me/a.ply',
      model: '/home/me/m.pth',
      device: 'auto',
      renderJob: undefined,
      selfTest: false,
    });
    expect(readArguments(['--device', 'webgpu', 'a.ply'], '/', undefined)).toMatchObject({
      device: 'webgpu',
      scene: '/a.ply',
    });
    expect(readArguments(['--device=tpu'], '/', undefined).device).toBe('auto');
    expect(readArguments(['--render-job=/j.json', '--self-test'], '/', undefined)).toMatchObject({
      renderJob: '/j.json',
      selfTest: true,
      scene: undefined,
    });
  });
});
