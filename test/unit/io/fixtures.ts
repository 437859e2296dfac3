import { deflateRawSync } from 'node:zlib';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { SceneSource } from '../../../renderer/io/read-scene.ts';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes, dataPath } from '../../test-data.ts';

/** A scene of believable random splats; the same seed gives the same bits. */
export function randomScene(count: number, shDegree: ShDegree, seed = 1): SplatScene {
  const scene = createScene(count, shDegree, { antialiased: false, up: '-y', format: 'inria-ply', name: 'random.ply' });
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  scene.positions.forEach((_, i, a) => (a[i] = next() * 20 - 10));
  scene.logScales.forEach((_, i, a) => (a[i] = -7 + next() * 5));
  scene.quats.forEach((_, i, a) => (a[i] = next() * 2 - 1));
  scene.logitOpacities.forEach((_, i, a) => (a[i] = next() * 8 - 4));
  scene.shDc.forEach((_, i, a) => (a[i] = next() * 2 - 1));
  scene.shRest.forEach((_, i, a) => (a[i] = next() * 0.6 - 0.3));
  return scene;
}

/** Splats whose opacity says who they are, so that a writer may reorder them. */
export function tagged(count: number, degree: ShDegree): SplatScene {
  const scene = randomScene(count, degree, 3);
  scene.logitOpacities.forEach((_, i, a) => {
    const opacity = 0.1 + (0.8 * i) / (count - 1);
    a[i] = Math.log(opacity / (1 - opacity));
  });
  return scene;
}

/** The rows of a tagged scene in the order of their tags. */
export const rowsByOpacity = (scene: SplatScene): number[] =>
  [...scene.logitOpacities.keys()].sort((a, b) => scene.logitOpacities[a] - scene.logitOpacities[b]);

export function bitsOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The files of one SOG level, manifest first. */
export const SOG_FILES = [
  'meta.json',
  'means_l.webp',
  'means_u.webp',
  'quats.webp',
  'scales.webp',
  'sh0.webp',
  'shN_centroids.webp',
  'shN_labels.webp',
] as const;

/** A SOG folder in which `replaced` has other bytes than on disk. */
export function folderSource(folder: string, replaced: string, bytes: Uint8Array): SceneSource {
  const open = (name: string): SceneSource =>
    sourceFromBytes(name, name === replaced ? bytes : dataBytes(`${folder}/${name}`));
  return { ...open('meta.json'), sibling: (path) => Promise.resolve(open(path)) };
}

/** The files of a SOG folder as a zip with stored entries, as .sog bundles are. */
export async function bundleOf(folder: string): Promise<Uint8Array> {
  const { MemoryFileSystem, ZipFileSystem } = await import('@playcanvas/splat-transform');
  const files = new MemoryFileSystem();
  const zip = new ZipFileSystem(files.createWriter('a.sog'));
  for (const name of SOG_FILES) {
    const writer = await zip.createWriter(name);
    await writer.write(dataBytes(`${folder}/${name}`));
    await writer.close();
  }
  await zip.close();
  const bytes = files.results.get('a.sog');
  if (bytes === undefined) throw new Error('The bundle was not written.');
  return bytes;
}

/** A zip with one deflated entry meta.json that claims to unpack to `claimed` bytes. */
export function withDeflatedEntry(content: Uint8Array, claimed: number): Uint8Array {
  const name = Buffer.from('meta.json');
  const data = deflateRawSync(content);
  const sizes = Buffer.alloc(20);
  sizes.writeUInt16LE(20, 0);
  sizes.writeUInt16LE(8, 4);
  sizes.writeUInt32LE(data.length, 14);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), sizes, Buffer.alloc(6)]);
  local.writeUInt32LE(claimed, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), local.subarray(4), Buffer.alloc(14)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + data.length, 16);
  return new Uint8Array(Buffer.concat([local, name, data, central, name, end]));
}

/** An unpacked SPZ of version 2 with small whole-numbered positions, rewritten as version 1 (half floats). */
export function withVersion1Positions(version2: Uint8Array): Uint8Array {
  const view = new DataView(version2.buffer, version2.byteOffset);
  const count = view.getUint32(8, true);
  const unit = 2 ** view.getUint8(13);
  const halves: Readonly<Record<number, number>> = { [-1]: 0xbc00, 0: 0, 1: 0x3c00 };
  const out = new Uint8Array(version2.length - count * 3);
  out.set(version2.subarray(0, 16));
  out[4] = 1;
  const target = new DataView(out.buffer);
  for (let i = 0; i < count * 3; i++) {
    const fixed =
      (view.getUint8(16 + i * 3) | (view.getUint8(17 + i * 3) << 8) | (view.getInt8(18 + i * 3) << 16)) / unit;
    const half = halves[fixed];
    if (half === undefined) throw new Error(`The fixture holds the position ${fixed}, not -1, 0 or 1.`);
    target.setUint16(16 + i * 2, half, true);
  }
  out.set(version2.subarray(16 + count * 9), 16 + count * 6);
  return out;
}

/** Reads a scene of the test data. */
export async function readData(path: string): Promise<SplatScene> {
  const source = await openFileSource(dataPath(path));
  try {
    return await readScene(source);
  } finally {
    await source.close();
  }
}
