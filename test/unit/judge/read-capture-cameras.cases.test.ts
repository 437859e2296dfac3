import { describe, expect, it } from 'vitest';
import { cameraForPhoto } from '../../../renderer/judge/capture-cameras.ts';
import type { CaptureCameras } from '../../../renderer/judge/capture-cameras.ts';
import { readCaptureCameras } from '../../../renderer/judge/read-capture-cameras.ts';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { dataPath } from '../../test-data.ts';

async function open(path: string): Promise<CaptureCameras> {
  const source = await openFileSource(dataPath(`cases/cams/${path}`));
  return readCaptureCameras(source).finally(() => source.close());
}

const poses = ({ cameras }: CaptureCameras): number[][] =>
  cameras.map(({ parameters }) => Array.from(parameters.worldToView, (v) => Math.round(v * 1e5) / 1e5 + 0));

describe('cameras as other programs write them', () => {
  it('COLMAP text without lines of points has all of its cameras', async () => {
    const [plain, without] = [await open('c_plain/images.txt'), await open('c_no_point_lines/images.txt')];
    expect(without.cameras.map(({ image }) => image)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `IMG_00${i}.png`));
    expect(poses(without)).toEqual(poses(plain));
  });

  it('lines of points are told from images', async () => {
    const image = (id: number, points: string): string => `${id} 1 0 0 0 0 0 4 1 a b ${id}.png\n${points}\n`;
    const files: Record<string, string> = {
      'cameras.txt': '1 1 64 48 60 60 32 24\n',
      'images.txt': image(1, '1 2 3 4 5 6 7 8 9 10 11 12') + image(2, '') + image(3, '9 8 -1'),
    };
    const source = (name: string) => sourceFromBytes(name, new TextEncoder().encode(files[name]));
    const beside = { sibling: (name: string) => Promise.resolve(source(name)) };
    for (const name of ['images.txt', 'cameras.txt']) {
      const { cameras } = await readCaptureCameras({ ...source(name), ...beside });
      expect(cameras.map((camera) => camera.image)).toEqual(['a b 1.png', 'a b 2.png', 'a b 3.png']);
      // The model's number, as binary files have it, is PINHOLE.
      expect(cameras[0].parameters).toMatchObject({ fx: 60, fy: 60, width: 64 });
    }
  });

  it('null is what is not there, and backslashes are folders', async () => {
    const plain = await open('c_plain/images.txt');
    for (const path of ['t_null/transforms.json', 't_backslash/transforms.json']) {
      const capture = await open(path);
      expect(capture.cameras).toHaveLength(6);
      expect(poses(capture)[3].map((v) => Math.round(v * 100))).toEqual(
        poses(plain)[3].map((v) => Math.round(v * 100)),
      );
    }
  });

  it('a size that is not told is that of the photo', async () => {
    const [camera] = (await open('t_no_size/transforms.json')).cameras;
    expect(cameraForPhoto(camera, 64, 48)).toMatchObject({ fx: 60, fy: 60, cx: 32, cy: 24, width: 64, height: 48 });
  });
});
