import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import type { SceneSource } from '../../../renderer/io/source.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';

/** Camera-to-world rotations (row-major, OpenCV axes) and places, as any program would have them. */
export interface KnownPose {
  readonly image: string;
  readonly axes: readonly (readonly [number, number, number])[];
  readonly position: readonly [number, number, number];
  /** The same pose as COLMAP's quaternion of the opposite direction. */
  readonly quaternion: readonly [number, number, number, number];
}

const HALF = Math.SQRT1_2;

/** Two poses worked out by hand. */
export const POSES: readonly KnownPose[] = [
  // Looks along the world's z from z = -3, nothing turned.
  {
    image: 'a.png',
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    position: [0.5, 0, -3],
    quaternion: [1, 0, 0, 0],
  },
  // Looks along the world's x, up is -y: right is -z.
  {
    image: 'b.png',
    axes: [
      [0, 0, 1],
      [0, 1, 0],
      [-1, 0, 0],
    ],
    position: [-2, 1, 0],
    quaternion: [HALF, 0, -HALF, 0],
  },
];

export const LENS = { fx: 100, fy: 110, cx: 31, cy: 25, width: 64, height: 48 };

/** COLMAP's translation: minus the rotated place. */
export function translation({ axes, position }: KnownPose): number[] {
  return [0, 1, 2].map(
    (column) => -(axes[0][column] * position[0] + axes[1][column] * position[1] + axes[2][column] * position[2]),
  );
}

/** Where a camera sees a world point: column, row, depth. */
export function project(
  { worldToView: m, fx, fy, cx, cy }: CameraParameters,
  [px, py, pz]: readonly [number, number, number],
): number[] {
  const [x, y, z] = [0, 4, 8].map((r) => m[r] * px + m[r + 1] * py + m[r + 2] * pz + m[r + 3]);
  return [(fx * x) / z + cx, (fy * y) / z + cy, z];
}

/** A file in memory with its neighbours. */
export function file(
  name: string,
  content: string | Uint8Array,
  beside: Readonly<Record<string, string | Uint8Array>> = {},
): SceneSource {
  const bytes = (value: string | Uint8Array): Uint8Array =>
    typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return {
    ...sourceFromBytes(name, bytes(content)),
    sibling: (path) => {
      if (!Object.hasOwn(beside, path)) return Promise.reject(new Error(`no ${path}`));
      return Promise.resolve(sourceFromBytes(path, bytes(beside[path])));
    },
  };
}

export function inriaJson(poses: readonly KnownPose[] = POSES): Record<string, unknown>[] {
  const { width, height, fx, fy } = LENS;
  return poses.map(({ image, axes, position }, id) => ({
    id,
    img_name: image,
    width,
    height,
    position,
    rotation: axes,
    fx,
    fy,
  }));
}

/** (4, 4) camera-to-world with OpenGL axes. */
export function openGlPose({ axes, position }: KnownPose): number[][] {
  return [...axes.map((row, i) => [row[0], -row[1], -row[2], position[i]]), [0, 0, 0, 1]];
}

export function colmapTexts(model: string, parameters: readonly number[]): { cameras: string; images: string } {
  const images = POSES.map(
    (pose, i) =>
      `${i + 1} ${pose.quaternion.join(' ')} ${translation(pose).join(' ')} 7 ${pose.image}\n` +
      (i === 0 ? '1.5 2.5 -1 3 4 12' : ''),
  );
  return {
    cameras:
      '# Camera list with one line of data per camera:\n#   CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]\n' +
      `7 ${model} ${LENS.width} ${LENS.height} ${parameters.join(' ')}\n`,
    images: `# Image list with two lines of data per image:\n${images.join('\n')}\n`,
  };
}

export function colmapBinaries(
  model: number,
  parameters: readonly number[],
): { cameras: Uint8Array; images: Uint8Array } {
  const cameras = new DataView(new ArrayBuffer(8 + 24 + parameters.length * 8));
  cameras.setBigUint64(0, 1n, true);
  cameras.setInt32(8, 7, true);
  cameras.setInt32(12, model, true);
  cameras.setBigUint64(16, BigInt(LENS.width), true);
  cameras.setBigUint64(24, BigInt(LENS.height), true);
  parameters.forEach((value, i) => cameras.setFloat64(32 + i * 8, value, true));
  const count = new DataView(new ArrayBuffer(8));
  count.setBigUint64(0, BigInt(POSES.length), true);
  const records = POSES.map((pose, i) => {
    const name = new TextEncoder().encode(`${pose.image}\0`);
    const points = i === 0 ? 2 : 0;
    const record = new DataView(new ArrayBuffer(4 + 56 + 4 + name.length + 8 + points * 24));
    record.setUint32(0, i + 1, true);
    [...pose.quaternion, ...translation(pose)].forEach((value, at) => record.setFloat64(4 + at * 8, value, true));
    record.setUint32(60, 7, true);
    new Uint8Array(record.buffer).set(name, 64);
    record.setBigUint64(64 + name.length, BigInt(points), true);
    return new Uint8Array(record.buffer);
  });
  return { cameras: new Uint8Array(cameras.buffer), images: Buffer.concat([new Uint8Array(count.buffer), ...records]) };
}
