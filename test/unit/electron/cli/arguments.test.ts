import { describe, expect, it } from 'vitest';
import { parseBackground, parseCommandLine, parseSize, parseStrength } from '../../../../electron/cli/arguments.ts';
import { render } from '../../../../electron/cli/render.ts';
import { video } from '../../../../electron/cli/video.ts';
import { pictureJobSchema, videoJobSchema } from '../../../../renderer/bridge/jobs.ts';
import { parseCameraFile } from '../../../../renderer/core/camera-file.ts';
import { sceneStem } from '../../../../renderer/core/writable-formats.ts';

const usage = expect.objectContaining({ code: 'usage' }) as Error;

describe('command line arguments', () => {
  it('reads sizes and refuses what is no size', () => {
    expect(parseSize('640x481', 8192)).toEqual({ width: 640, height: 481 });
    for (const text of ['640', '0x5', '9000x10', '-1x4', '1.5x2']) expect(() => parseSize(text, 8192)).toThrow(usage);
  });

  it('takes pictures as large as they can be drawn in parts, and videos as one texture holds', async () => {
    const picture = (size: string): Promise<number> =>
      render(['none.ply', '--camera', 'none.json', '--size', size, '--out', 'none.png']);
    await expect(picture('32768x8192')).rejects.toMatchObject({ code: 'io', message: 'There is no file none.ply.' });
    for (const size of ['32769x1', '32768x8193']) await expect(picture(size)).rejects.toThrow(usage);
    await expect(video(['none.ply', '--turntable', '--size', '8194x8', '--out', 'none.mp4'])).rejects.toThrow(usage);
    const sides = [pictureJobSchema, videoJobSchema].map(({ shape }) =>
      [8192, 8193, 32768, 32769].filter((side) => shape.width.safeParse(side).success),
    );
    expect(sides).toEqual([[8192, 8193, 32768], [8192]]);
  });

  it('reads backgrounds in 0..1 and 0..255', () => {
    expect(parseBackground('0,0.5,1')).toEqual([0, 0.5, 1]);
    expect(parseBackground('255,0,51')).toEqual([1, 0, 0.2]);
    for (const text of ['1,2', 'a,b,c', '1,,2', '-1,0,0', '256,0,0'])
      expect(() => parseBackground(text)).toThrow(usage);
  });

  it('names unknown options as usage errors', () => {
    expect(() => parseCommandLine(['--nonsense'], {})).toThrow(usage);
    expect(() => parseStrength('')).toThrow(usage);
    expect(parseStrength('0.5')).toBe(0.5);
  });

  it('takes the input name without its extension', () => {
    expect(sceneStem('plant.splat')).toBe('plant');
    expect(sceneStem('biker.compressed.ply')).toBe('biker');
    expect(sceneStem('.hidden')).toBe('.hidden');
  });
});

describe('camera files', () => {
  const project = (json: unknown, p: [number, number, number]): [number, number, number] => {
    const { worldToView: m, fx, fy, cx, cy } = parseCameraFile(json, 200, 100);
    const [x, y, z] = [0, 4, 8].map((r) => m[r] * p[0] + m[r + 1] * p[1] + m[r + 2] * p[2] + m[r + 3]) as [
      number,
      number,
      number,
    ];
    return [(x / z) * fx + cx, (y / z) * fy + cy, z];
  };

  it('looks at the target with up upwards and +x right of -y forward', () => {
    const camera = { position: [0, -3, 0], target: [0, 0, 0], up: [0, 0, 1], fovYDegrees: 90 };
    expect(project(camera, [0, 0, 0]).map((v) => Math.round(v))).toEqual([100, 50, 3]);
    const [x, y] = project(camera, [1, 0, 1]);
    expect(x).toBeGreaterThan(100);
    expect(y).toBeLessThan(50);
    expect(project(camera, [0, 0, 3])[1]).toBeCloseTo(0);
  });

  it('takes calibrated cameras as they are and refuses matrices that are not rigid', () => {
    const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const lens = { fx: 10, fy: 20, cx: 3, cy: 4 };
    expect(project({ worldToCamera: identity, ...lens }, [1, 1, 2])).toEqual([8, 14, 2]);
    expect(() => parseCameraFile({ worldToCamera: identity.map((v) => v * 2), ...lens }, 4, 4)).toThrow(usage);
    expect(() => parseCameraFile({ position: [0, 0, 0] }, 4, 4)).toThrow(usage);
  });

  it('looks straight down although up is along the view', () => {
    expect(
      project({ position: [0, 0, 5], target: [0, 0, 0], up: [0, 0, 1], fovYDegrees: 40 }, [0, 0, 0])[2],
    ).toBeCloseTo(5);
  });

  it('refuses a camera inside its target', () => {
    expect(() =>
      parseCameraFile({ position: [1, 1, 1], target: [1, 1, 1], up: [0, 0, 1], fovYDegrees: 40 }, 4, 4),
    ).toThrow(usage);
  });
});
