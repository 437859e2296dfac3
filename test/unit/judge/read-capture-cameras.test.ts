import { describe, expect, it } from 'vitest';
import { cameraCentre } from '../../../renderer/core/camera-parameters.ts';
import { cameraForPhoto } from '../../../renderer/judge/capture-cameras.ts';
import type { CaptureCameras } from '../../../renderer/judge/capture-cameras.ts';
import { readCaptureCameras } from '../../../renderer/judge/read-capture-cameras.ts';
import { colmapBinaries, colmapTexts, file, inriaJson, LENS, openGlPose, POSES, project } from './capture.ts';

const { fx, fy, cx, cy, width, height } = LENS;
const failing = (code: string) => expect.objectContaining({ code }) as Error;
const read = (name: string, content: string | Uint8Array, beside = {}) =>
  readCaptureCameras(file(name, content, beside));
const json = (value: unknown) => read('cameras.json', JSON.stringify(value));

/** Both poses see the points that they should, by hand: a point ahead of each and a little right of and below it. */
function expectKnown({ cameras }: CaptureCameras, [middleX, middleY]: readonly [number, number] = [cx, cy]): void {
  expect(cameras.map(({ image }) => image)).toEqual(['a.png', 'b.png']);
  cameras.forEach(({ parameters }, i) => {
    cameraCentre(parameters.worldToView).forEach((value, axis) =>
      expect(value).toBeCloseTo(POSES[i].position[axis], 6),
    );
    expect([parameters.width, parameters.height]).toEqual([width, height]);
  });
  const near = (seen: number[], expected: number[]) =>
    seen.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  // 2 ahead, 0.1 right, 0.2 below.
  near(project(cameras[0].parameters, [0.6, 0.2, -1]), [middleX + 0.05 * fx, middleY + 0.1 * fy, 2]);
  near(project(cameras[1].parameters, [0, 1.2, -0.1]), [middleX + 0.05 * fx, middleY + 0.1 * fy, 2]);
}

describe('INRIA cameras.json', () => {
  it('reads poses and lenses, with the principal point in the middle', async () => {
    const capture = await json(inriaJson());
    expect(capture).toMatchObject({ format: 'inria', warnings: [] });
    expectKnown(capture, [width / 2, height / 2]);
  });

  it('takes cx and cy of forks, and numbers as names', async () => {
    expectKnown(await json(inriaJson().map((camera) => ({ ...camera, cx, cy }))));
    expect((await json([{ ...inriaJson()[0], img_name: 12 }])).cameras[0].image).toBe('12');
  });

  it('names what is wrong and where', async () => {
    const [camera] = inriaJson();
    await expect(json([])).rejects.toMatchObject({
      code: 'invalid-file',
      message: expect.stringContaining('no camera') as string,
    });
    await expect(json([camera, { ...camera, fx: -1 }])).rejects.toMatchObject({
      message: expect.stringContaining('1.fx') as string,
    });
    await expect(json([{ ...camera, position: ['1', 0, 0] }])).rejects.toMatchObject({
      message: expect.stringContaining('0.position.0') as string,
    });
    await expect(
      json([
        {
          ...camera,
          rotation: [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, -1],
          ],
        },
      ]),
    ).rejects.toThrow(/rotation that is none/);
    await expect(
      json([
        {
          ...camera,
          rotation: [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
          ],
        },
      ]),
    ).rejects.toThrow(/rotation that is none/);
    await expect(json([{ id: 0 }])).rejects.toThrow(failing('invalid-file'));
    await expect(read('cameras.json', JSON.stringify(inriaJson()).replace('100', 'NaN'))).rejects.toThrow(
      /NaN or Infinity/,
    );
    await expect(read('cameras.json', JSON.stringify(inriaJson()).slice(0, 80))).rejects.toThrow(/cut short/);
  });
});

describe('transforms.json', () => {
  const frames = POSES.map((pose) => ({ file_path: pose.image, transform_matrix: openGlPose(pose) }));
  const shared = { fl_x: fx, fl_y: fy, cx, cy, w: width, h: height };

  it('reads OpenGL poses with one lens for all, or one each', async () => {
    const capture = await json({ ...shared, camera_model: 'OPENCV', k1: 0, k2: 0, p1: 0, p2: 0, frames });
    expect(capture).toMatchObject({ format: 'transforms', warnings: [] });
    expectKnown(capture);
    expectKnown(
      await json({
        w: 1,
        h: 1,
        fl_x: 1,
        frames: frames.map((frame) => ({ ...frame, ...shared, transform_matrix: frame.transform_matrix.slice(0, 3) })),
      }),
    );
  });

  it('takes the lens from its angle, and guesses the size until the photo is seen', async () => {
    const angle = 2 * Math.atan(0.5);
    const [camera] = (await json({ camera_angle_x: angle, frames: [{ ...frames[0], file_path: './train/r_0' }] }))
      .cameras;
    expect(camera).toMatchObject({ image: './train/r_0', sizeIsKnown: false });
    const fitted = cameraForPhoto(camera, 200, 100);
    expect(fitted).toMatchObject({ cx: 100, cy: 50, width: 200, height: 100 });
    expect([fitted.fx, fitted.fy].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([200, 200]);
    const known = (await json({ camera_angle_x: angle, w: 400, h: 300, frames })).cameras[0];
    expect(known.sizeIsKnown).toBe(true);
    expect(known.parameters.fx).toBeCloseTo(400, 6);
    expect(known.parameters.fy).toBeCloseTo(400, 6);
  });

  it('undoes applied_transform and says so', async () => {
    // nerfstudio: world y, z turn into z, -y; here also moved and scaled.
    const turned = frames.map(({ file_path, transform_matrix: [x, y, z, last] }) => ({
      file_path,
      transform_matrix: [x, z, y.map((value) => -value), last].map((row, i) =>
        i === 3 ? row : row.map((value, column) => (column === 3 ? 2 * (value + i + 1) : value)),
      ),
    }));
    const capture = await json({
      ...shared,
      applied_transform: [
        [1, 0, 0, 1],
        [0, 0, 1, 2],
        [0, -1, 0, 3],
      ],
      applied_scale: 2,
      frames: turned,
    });
    expectKnown(capture);
    expect(capture.warnings).toEqual([expect.stringContaining('applied_transform')]);
  });

  it('follows nerfstudio into the world of its exports where dataparser_transforms.json is beside it', async () => {
    // The files as nerfstudio writes them for one capture: transforms.json in a turned world, the model's world turned
    // once more, moved and scaled.
    const moved = {
      transform: [
        [0, -1, 0, 0.5],
        [1, 0, 0, -0.25],
        [0, 0, 1, 2],
      ],
      scale: 0.5,
    };
    const there = ([x, y, z]: readonly number[]): [number, number, number] => [
      (-y + 0.5) * 0.5,
      (x - 0.25) * 0.5,
      (z + 2) * 0.5,
    ];
    const turned = frames.map(({ file_path, transform_matrix: [x, y, z, last] }) => ({
      file_path,
      transform_matrix: [x, z, y.map((value) => -value), last],
    }));
    const content = JSON.stringify({
      ...shared,
      applied_transform: [
        [1, 0, 0, 0],
        [0, 0, 1, 0],
        [0, -1, 0, 0],
      ],
      frames: turned,
    });
    const { cameras, warnings } = await read('transforms.json', content, {
      'dataparser_transforms.json': JSON.stringify(moved),
    });
    expect(warnings).toEqual([]);
    cameras.forEach(({ parameters }, i) =>
      cameraCentre(parameters.worldToView).forEach((value, axis) =>
        expect(value).toBeCloseTo(there(POSES[i].position)[axis], 6),
      ),
    );
    // What stood 2 ahead stands 1 ahead, on the same pixel.
    project(cameras[0].parameters, there([0.6, 0.2, -1])).forEach((value, i) =>
      expect(value).toBeCloseTo([cx + 0.05 * fx, cy + 0.1 * fy, 1][i], 4),
    );

    await expect(read('transforms.json', content, { 'dataparser_transforms.json': '{"transform": 1' })).rejects.toThrow(
      /dataparser_transforms\.json is damaged/,
    );
    await expect(
      read('transforms.json', content, { 'dataparser_transforms.json': JSON.stringify({ ...moved, scale: 0 }) }),
    ).rejects.toThrow(/scale/);
    await expect(
      read('transforms.json', content, {
        'dataparser_transforms.json': JSON.stringify({
          ...moved,
          transform: [
            [1, 0, 0, 0],
            [1, 0, 0, 0],
            [0, 0, 1, 0],
          ],
        }),
      }),
    ).rejects.toThrow(/no rotation/);
  });

  it('warns of distortion by what it does and refuses fisheye lenses', async () => {
    const { warnings } = await json({ ...shared, k1: 0.2, frames });
    expect(warnings).toEqual([expect.stringMatching(/2 of 2 cameras have lens distortion \(up to 1\.3 pixels/)]);
    expect((await json({ ...shared, k1: 1e-5, frames })).warnings).toEqual([]);
    await expect(json({ ...shared, camera_model: 'OPENCV_FISHEYE', frames })).rejects.toThrow(
      failing('unsupported-feature'),
    );
    await expect(json({ ...shared, is_fisheye: true, frames })).rejects.toThrow(failing('unsupported-feature'));
    // Metashape's fourth coefficient.
    expect((await json({ ...shared, camera_model: 'OPENCV', k4: 1e4, frames })).warnings).toEqual([
      expect.stringMatching(/2 of 2 cameras have lens distortion/),
    ]);
  });

  it('names what is wrong and where', async () => {
    await expect(json({ ...shared, frames: [] })).rejects.toThrow(/no frame/);
    await expect(json({ frames })).rejects.toThrow(/a\.png has no focal length/);
    // A size that is not told is that of the photo.
    expect((await json({ fl_x: 100, frames })).cameras[0].pixelLens).toMatchObject({ fx: 100, fy: 100 });
    await expect(json({ ...shared, frames: [{ ...frames[0], transform_matrix: [[1, 2]] }] })).rejects.toThrow(
      /frames\.0\.transform_matrix/,
    );
    await expect(
      json({
        ...shared,
        frames: [
          {
            ...frames[0],
            transform_matrix: [
              [1, 0, 0, 0],
              [1, 0, 0, 0],
              [0, 0, 1, 0],
            ],
          },
        ],
      }),
    ).rejects.toThrow(/no pose/);
    await expect(json({ cameras: [] })).rejects.toThrow(failing('unknown-format'));
  });
});

describe('COLMAP', () => {
  const pinhole = [fx, fy, cx, cy];

  it.each(['cameras', 'images'] as const)('reads text from %s.txt with the other beside it', async (chosen) => {
    const texts = colmapTexts('PINHOLE', pinhole);
    const beside = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${name}.txt`, text]));
    expectKnown(await read('renamed', texts[chosen], beside));
  });

  it.each(['cameras', 'images'] as const)('reads binary from %s.bin with the other beside it', async (chosen) => {
    const binaries = colmapBinaries(1, pinhole);
    expectKnown(
      await read('renamed', binaries[chosen], { 'cameras.bin': binaries.cameras, 'images.bin': binaries.images }),
    );
  });

  it('reads one focal length for both axes', async () => {
    const { cameras, images } = colmapBinaries(0, [90, cx, cy]);
    const [camera] = (await read('cameras.bin', cameras, { 'images.bin': images })).cameras;
    expect(camera.parameters).toMatchObject({ fx: 90, fy: 90, cx, cy });
  });

  it.each([
    ['SIMPLE_RADIAL', [90, cx, cy, 0.3], [90, 90]],
    ['RADIAL', [90, cx, cy, 0.3, -0.1], [90, 90]],
    ['OPENCV', [...pinhole, 0.2, 0, 0.01, 0], [fx, fy]],
    ['FULL_OPENCV', [...pinhole, 0.2, 0, 0, 0, 0, 0.1, 0, 0], [fx, fy]],
  ])('uses a %s lens without its distortion and says so', async (model, parameters, focals) => {
    const { cameras, images } = colmapTexts(model, parameters);
    const capture = await read('cameras.txt', cameras, { 'images.txt': images });
    expect([capture.cameras[0].parameters.fx, capture.cameras[0].parameters.fy]).toEqual(focals);
    expect([capture.cameras[0].parameters.cx, capture.cameras[0].parameters.cy]).toEqual([cx, cy]);
    expect(capture.warnings).toEqual([expect.stringContaining('lens distortion')]);
  });

  it('is silent about a distortion of zero and refuses fisheye lenses', async () => {
    const radial = colmapTexts('SIMPLE_RADIAL', [90, cx, cy, 0]);
    expect((await read('cameras.txt', radial.cameras, { 'images.txt': radial.images })).warnings).toEqual([]);
    const fisheye = colmapTexts('OPENCV_FISHEYE', [...pinhole, 0, 0, 0, 0]);
    await expect(read('cameras.txt', fisheye.cameras, { 'images.txt': fisheye.images })).rejects.toThrow(/fisheye/);
  });

  it('names what is missing or damaged', async () => {
    const text = colmapTexts('PINHOLE', pinhole);
    const binary = colmapBinaries(1, pinhole);
    await expect(read('cameras.txt', text.cameras)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('images.txt') as string,
    });
    await expect(read('cameras.bin', binary.cameras.subarray(0, 40), { 'images.bin': binary.images })).rejects.toThrow(
      failing('truncated-file'),
    );
    for (const length of [0, 5, 8, 60, 70, 100, binary.images.length - 1]) {
      await expect(
        read('images.bin', binary.images.subarray(0, length), { 'cameras.bin': binary.cameras }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/truncated-file|unknown-format|invalid-file/) as string });
    }
    await expect(read('cameras.bin', binary.cameras, { 'images.bin': new Uint8Array(8) })).rejects.toThrow(/no image/);
    await expect(read('images.bin', binary.images, { 'cameras.bin': new Uint8Array(8) })).rejects.toThrow(/camera 7/);
    await expect(
      read('cameras.txt', text.cameras, { 'images.txt': text.images.replace('1 1 0 0 0', '1 nan 0 0 0') }),
    ).rejects.toThrow(/"nan" where a number/);
    await expect(
      read('cameras.txt', text.cameras, { 'images.txt': text.images.replace('1 1 0 0 0', '1 0 0 0 0') }),
    ).rejects.toThrow(/pose that is none/);
    await expect(read('cameras.txt', text.cameras, { 'images.txt': '1 1 0 0 0 0 0 3 7\n' })).rejects.toThrow(
      failing('truncated-file'),
    );
    await expect(
      read('cameras.txt', text.cameras.replace('PINHOLE', 'PERISCOPE'), { 'images.txt': text.images }),
    ).rejects.toThrow(failing('unsupported-feature'));
    await expect(
      read('cameras.txt', colmapTexts('PINHOLE', [1, 2]).cameras, { 'images.txt': text.images }),
    ).rejects.toThrow(/2 lens parameters instead of 4/);
  });

  it('a count of billions in a short file ends at its end', async () => {
    const { cameras, images } = colmapBinaries(1, pinhole);
    const lying = Uint8Array.from(images);
    new DataView(lying.buffer).setBigUint64(0, 2n ** 60n, true);
    await expect(read('images.bin', lying, { 'cameras.bin': cameras })).rejects.toThrow(failing('truncated-file'));
  });
});

it('files that are no cameras are refused by name', async () => {
  for (const [name, content] of [
    ['a.txt', 'hello there'],
    ['a.json', '"text"'],
    ['a.json', '{"a": 1}'],
    ['a.txt', '\n\n'],
    ['a.csv', 'x,y\n1,2\n'],
  ]) {
    await expect(read(name, content)).rejects.toThrow(failing('unknown-format'));
  }
  await expect(read('x', '')).rejects.toThrow(failing('truncated-file'));
  await expect(
    read(
      'noise.bin',
      Uint8Array.from({ length: 400 }, (_, i) => (i * 167) & 0x7f),
    ),
  ).rejects.toMatchObject({ code: expect.stringMatching(/truncated-file|unknown-format/) as string });
});

it('a camera fits its photo at another size, not at another shape', async () => {
  const [camera] = (await json(inriaJson().map((entry) => ({ ...entry, cx, cy })))).cameras;
  expect(cameraForPhoto(camera, 32, 24)).toMatchObject({ fx: 50, fy: 55, cx: 15.5, cy: 12.5, width: 32, height: 24 });
  expect(cameraForPhoto(camera, 21, 16).width).toBe(21);
  expect(() => cameraForPhoto(camera, 48, 64)).toThrow(/a\.png has 48 x 64 pixels, its camera 64 x 48/);
});
