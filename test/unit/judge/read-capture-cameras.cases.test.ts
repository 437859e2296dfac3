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

/** Reads one of several files beside each other, of characters that are bytes. */
function readText(files: Readonly<Record<string, string>>, name: string): Promise<CaptureCameras> {
  const source = (path: string) =>
    sourceFromBytes(
      path,
      Uint8Array.from(files[path], (letter) => letter.charCodeAt(0)),
    );
  const sibling = (path: string) =>
    path in files ? Promise.resolve(source(path)) : Promise.reject(new Error(`no ${path}`));
  return readCaptureCameras({ ...source(name), sibling });
}

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

  it('names that are numbers are told from points, which come in threes', async () => {
    const image = (id: number): string => `${id} 1 0 0 0 0 0 4 1 ${1000 + id}\n`;
    const files = { 'cameras.txt': '1 PINHOLE 64 48 60 60 32 24\n', 'images.txt': image(1) + image(2) + image(3) };
    const { cameras } = await readText(files, 'images.txt');
    expect(cameras.map((camera) => camera.image)).toEqual(['1001', '1002', '1003']);
  });

  it('what holds no cameras, or in a form that is not read, is named', async () => {
    const other: Record<string, readonly [string, RegExp]> = {
      'points3D.txt': ['# 3D point list with one line of data per point:\n1 0 0 1 9 9 9 0.5 1 2 3 4\n', /another part/],
      'points.txt': ['# 3D point list with one line of data per point:\n1 0 0 1 9 9 9 0.5 1 2 3 4\n', /another part/],
      'cameras.xml': ['<?xml version="1.0"?>\n<document version="2.0.0"><chunk/></document>', /Metashape/],
      'bundle.out': ['# Bundle file v0.3\n1 0\n', /Bundler/],
      'cameras.csv': ['#name,x,y,alt,heading,pitch,roll,f\na.jpg,0,0,0,0,0,0,30\n', /RealityCapture/],
      'reconstruction.json': ['[{"cameras": {"v2": {}}, "shots": {}, "points": {}}]', /OpenSfM/],
      'cameras.sfm': ['{\n  "version": ["1", "2", "0"],\n  "views": []\n}', /AliceVision/],
      '1678.json': ['{"blur_score": 90, "t_00": 1, "t_01": 0, "fx": 500}', /Polycam/],
      'camera_path.json': ['{"keyframes": [], "camera_type": "perspective"}', /nerfstudio's path/],
      'poses_bounds.npy': [
        `\x93NUMPY\x01\0v\0${"{'descr': '<f8', 'fortran_order': False, 'shape': (20, 17), }".padEnd(117)}\n`,
        /LLFF's poses/,
      ],
      'database.db': [
        'SQLite format 3\0and more than sixty-four bytes of pages that follow the mark'.padEnd(99),
        /database/,
      ],
      'points3D.bin': ['\x02\0\0\0\0\0\0\0and more', /another part/],
    };
    for (const [name, [text, sentence]] of Object.entries(other))
      await expect(readText({ [name]: text }, name), name).rejects.toThrow(sentence);
  });

  it('a count of images that looks like the mark of an archive is a count', async () => {
    // 35,615 images, of which the file holds none
    const name = 'images.bin';
    await expect(readText({ [name]: '\x1f\x8b\0\0\0\0\0\0', 'cameras.bin': '' }, name)).rejects.toThrow(
      /ends too early/,
    );
  });

  it('a lens that no photo was taken with may be of any kind', async () => {
    const lenses = '1 pinhole 64 48 60 60 32 24\n2 OPENCV_FISHEYE 64 48 60 60 32 24 0 0 0 0\n';
    const files = (lens: number) => ({ 'cameras.txt': lenses, 'images.txt': `1 1 0 0 0 0 0 4 ${lens} a.png\n\n` });
    expect((await readText(files(1), 'images.txt')).cameras[0].parameters.fx).toBe(60);
    await expect(readText(files(2), 'cameras.txt')).rejects.toThrow(/camera 2 has a fisheye lens/);
  });

  it('a COLMAP model may be half text, half binary', async () => {
    const lens = new DataView(new ArrayBuffer(64));
    lens.setUint32(0, 1, true);
    lens.setUint32(8, 1, true);
    // SIMPLE_DIVISION, which is nearly straight here
    lens.setUint32(12, 12, true);
    lens.setUint32(16, 64, true);
    lens.setUint32(24, 48, true);
    [60, 32, 24, 0].forEach((value, i) => lens.setFloat64(32 + 8 * i, value, true));
    const binary = String.fromCharCode(...new Uint8Array(lens.buffer));
    const files = { 'cameras.bin': binary, 'images.txt': '1 1 0 0 0 0 0 4 1 a.png\n\n' };
    for (const name of ['images.txt', 'cameras.bin'])
      expect((await readText(files, name)).cameras).toMatchObject([{ image: 'a.png', parameters: { fx: 60 } }]);
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
