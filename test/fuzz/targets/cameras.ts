import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { readCaptureCameras } from '../../../renderer/judge/read-capture-cameras.ts';
import { withoutExif } from '../../../renderer/judge/exif.ts';
import { dataBytes } from '../../test-data.ts';
import { file, inriaJson } from '../../unit/judge/capture.ts';
import type { Seed, Target } from '../target.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Readers of cameras and photos. */
export const CAMERA_TARGETS: readonly Target[] = [
  { name: 'cameras-json', inputsInTests: 200, seeds: () => [capture('cameras.json', encode(inriaJson()))] },
  { name: 'transforms', inputsInTests: 200, seeds: transformSeeds },
  { name: 'colmap-text', inputsInTests: 200, seeds: colmapTextSeeds },
  { name: 'colmap-binary', inputsInTests: 200, seeds: colmapBinarySeeds },
  { name: 'camera-file', inputsInTests: 200, seeds: cameraFileSeeds },
  { name: 'photo-exif', inputsInTests: 100, isNeverRefused: true, seeds: () => [photo()] },
];

type Files = Readonly<Record<string, Uint8Array>>;

/** @param others sound files beside it */
function capture(name: string, bytes: Uint8Array, others: Files = {}): Seed {
  return {
    name,
    bytes,
    read: async (damaged) => {
      const { cameras } = await readCaptureCameras(file(name, damaged, others));
      for (const { image, parameters } of cameras) {
        const { worldToView, fx, fy, cx, cy, width, height } = parameters;
        if (![...worldToView, fx, fy, cx, cy, width, height].every(Number.isFinite))
          throw new Error(`the camera of ${image.slice(0, 20)} has a number that is not finite`);
      }
    },
  };
}

function transformSeeds(): Seed[] {
  const plain = dataBytes('cases/cams/t_null/transforms.json');
  const noSize = dataBytes('cases/cams/t_no_size/transforms.json');
  const json = JSON.parse(new TextDecoder().decode(plain)) as object;
  const transform = [
    [1, 0, 0, 0.5],
    [0, 1, 0, 0],
    [0, 0, 1, -1],
  ];
  const turned = encode({ ...json, applied_transform: transform, applied_scale: 2, k1: 0.01 });
  const dataparser = encode({ transform, scale: 0.25 });
  const name = 'dataparser_transforms.json';
  return [
    capture('transforms.json', plain),
    { ...capture('transforms.json', noSize), name: 'no-size.json' },
    { ...capture('transforms.json', turned, { [name]: dataparser }), name: 'turned.json' },
    {
      name: 'dataparser.json',
      bytes: dataparser,
      read: (damaged) => capture('transforms.json', turned, { [name]: damaged }).read(turned),
    },
  ];
}

function colmapTextSeeds(): Seed[] {
  const files = ['cameras.txt', 'images.txt'].map((name) => [name, dataBytes(`cases/cams/c_plain/${name}`)] as const);
  return files.map(([name, bytes]) => capture(name, bytes, Object.fromEntries(files)));
}

function colmapBinarySeeds(): Seed[] {
  const lenses = Buffer.alloc(8 + 24 + 32);
  lenses.writeBigUInt64LE(1n, 0);
  lenses.writeInt32LE(1, 8);
  lenses.writeInt32LE(1, 12);
  lenses.writeBigUInt64LE(64n, 16);
  lenses.writeBigUInt64LE(48n, 24);
  [100, 110, 31, 25].forEach((value, k) => lenses.writeDoubleLE(value, 32 + 8 * k));
  const image = (id: number): Buffer => {
    const bytes = Buffer.alloc(4 + 56 + 4 + 6 + 8 + 24);
    bytes.writeInt32LE(id, 0);
    [1, 0, 0, 0, 0.5, 0, 3].forEach((value, k) => bytes.writeDoubleLE(value, 4 + 8 * k));
    bytes.writeUInt32LE(1, 60);
    bytes.write(`${id}.png\0`, 64, 'latin1');
    bytes.writeBigUInt64LE(1n, 70);
    return bytes;
  };
  const count = Buffer.alloc(8);
  count.writeBigUInt64LE(2n, 0);
  const images = Buffer.concat([count, image(1), image(2)]);
  const files: Files = { 'cameras.bin': new Uint8Array(lenses), 'images.bin': new Uint8Array(images) };
  return Object.entries(files).map(([name, bytes]) => capture(name, bytes, files));
}

function cameraFileSeeds(): Seed[] {
  const viewpoint = { position: [5, 0, 1], target: [0, 0, 0], up: [0, 0, 1], rollDegrees: -12.5, fovYDegrees: 50 };
  const worldToCamera = [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 3, 0, 0, 0, 1];
  const seed = (name: string, value: object): Seed => ({
    name,
    bytes: encode(value),
    read: (damaged) => {
      const { worldToView, fx, fy, cx, cy } = parseCameraFile(parsed(damaged), 64, 48);
      if (![...worldToView, fx, fy, cx, cy].every(Number.isFinite)) throw new Error('a number is not finite');
    },
  });
  return [
    seed('viewpoint.json', viewpoint),
    seed('calibrated.json', { worldToCamera, fx: 100, fy: 110, cx: 31, cy: 25 }),
  ];
}

/** A parsed file; the callers of `parseCameraFile` parse it. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** A JPEG's first segments: what it holds is for the browser's own decoder. */
function photo(): Seed {
  const exif = Buffer.from('\xff\xd8\xff\xe1\x00\x10Exif\0\0MM\0*\0\0\0\x08\xff\xda\0\x04ab\xff\xd9', 'latin1');
  const bytes = new Uint8Array(exif);
  return { name: 'photo.jpg', bytes, read: (damaged) => withoutExif(damaged.slice().buffer) };
}
