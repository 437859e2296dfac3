import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { PNG } from 'pngjs';

/** One photo of the scan of test/data/scan with its camera. */
export interface ScanView {
  readonly name: string;
  readonly elevationDegrees: number;
  /** (9) row-major world-to-camera rotation; x right, y down, z forward. */
  readonly rotation: readonly number[];
  readonly translation: readonly number[];
  /** Pixels. */
  readonly focal: number;
  readonly size: number;
  /** (size, size, 3) */
  readonly rgb: Uint8Array;
}

const CAMERA_NUMBERS = 14;

/** Reads a scan's gt.npz: cams (elevation, rotation, translation, focal length) and img. */
export function readScan(folder: string): ScanView[] {
  const members = unzip(readFileSync(join(folder, 'gt.npz')));
  const cameras = npy(members.get('cams.npy') as Buffer);
  const images = npy(members.get('img.npy') as Buffer);
  const [count, size] = images.shape;
  const numbers = new Float32Array(
    cameras.data.buffer.slice(cameras.data.byteOffset, cameras.data.byteOffset + cameras.data.byteLength),
  );
  return Array.from({ length: count }, (_, i) => {
    const camera = [...numbers.subarray(i * CAMERA_NUMBERS, (i + 1) * CAMERA_NUMBERS)];
    const bytes = size * size * 3;
    return {
      name: `view_${String(i).padStart(2, '0')}`,
      elevationDegrees: camera[0],
      rotation: camera.slice(1, 10),
      translation: camera.slice(10, 13),
      focal: camera[13],
      size,
      rgb: images.data.subarray(i * bytes, (i + 1) * bytes),
    };
  });
}

/** Writes the photos as PNG into FOLDER/images and the cameras as INRIA's cameras.json into FOLDER. */
export async function writeCapture(
  folder: string,
  views: readonly ScanView[],
): Promise<{ readonly cameras: string; readonly images: string }> {
  const [cameras, images] = [join(folder, 'cameras.json'), join(folder, 'images')];
  await mkdir(images, { recursive: true });
  for (const { name, size, rgb } of views) {
    const png = new PNG({ width: size, height: size });
    for (let pixel = 0; pixel < size * size; pixel++)
      png.data.set([rgb[pixel * 3], rgb[pixel * 3 + 1], rgb[pixel * 3 + 2], 255], pixel * 4);
    await writeFile(join(images, `${name}.png`), PNG.sync.write(png));
  }
  const entries = views.map(({ name, rotation: r, translation: t, focal, size }, id) => ({
    id,
    img_name: name,
    width: size,
    height: size,
    position: [0, 1, 2].map((column) => -(r[column] * t[0] + r[3 + column] * t[1] + r[6 + column] * t[2])),
    rotation: [0, 1, 2].map((row) => [r[row], r[3 + row], r[6 + row]]),
    fx: focal,
    fy: focal,
  }));
  await writeFile(cameras, JSON.stringify(entries));
  return { cameras, images };
}

/** The members of a small ZIP archive, stored or deflated. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  let at = archive.readUInt32LE(archive.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [method, size, nameLength, extraLength, commentLength, local] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30),
      archive.readUInt16LE(at + 32),
      archive.readUInt32LE(at + 42),
    ];
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + size);
    members.set(
      archive.toString('utf8', at + 46, at + 46 + nameLength),
      method === 8 ? inflateRawSync(packed) : packed,
    );
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

/** Shape and bytes of an array in NumPy's format, version 1. */
function npy(file: Buffer): { readonly shape: readonly number[]; readonly data: Buffer } {
  const length = file.readUInt16LE(8);
  const header = file.toString('latin1', 10, 10 + length);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  return { shape, data: file.subarray(10 + length) };
}
