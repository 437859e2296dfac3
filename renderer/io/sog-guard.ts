import type { ReadFileSystem, ZipReadFileSystem } from '@playcanvas/splat-transform';
import { empty, invalid, truncated, unsupported } from './source.ts';

/** Text of a manifest never gets near this; pictures are checked by their own headers. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** The pictures in a bundle are packed already: an entry that grows beyond this factor is a trap. */
const MAX_INFLATION = 64;

/** Refuses bundles whose entries claim to unpack to far more than the file could hold. */
export async function checkBundle(zip: ZipReadFileSystem, name: string, fileBytes: number): Promise<void> {
  let total = 0;
  for (const path of await zip.list()) total += (await zip.getEntry(path))?.uncompressedSize ?? 0;
  if (total > MAX_INFLATION * fileBytes + MAX_JSON_BYTES)
    throw invalid(name, `its entries claim to unpack to ${total} bytes`);
}

/**
 * Checks one SOG manifest (meta.json) against the first picture it names, before anything of the claimed size
 * is allocated: a picture of w x h pixels holds at most w x h splats.
 * @returns the number of splats.
 */
export async function checkSogManifest(files: ReadFileSystem, path: string, name: string): Promise<number> {
  const meta = await readJson(files, path, name);
  const means = meta.means as { files?: unknown; shape?: unknown } | undefined;
  const oldCount: unknown = Array.isArray(means?.shape) ? means.shape[0] : undefined;
  const count = meta.version === undefined ? oldCount : meta.count;
  const picture: unknown = Array.isArray(means?.files) ? means.files[0] : undefined;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0 || typeof picture !== 'string') {
    throw invalid(name, 'its manifest lacks the count or the pictures of the splats');
  }
  if (count === 0) throw empty(name);
  if (meta.version !== undefined && meta.version !== 2)
    throw unsupported(name, `it has SOG version ${JSON.stringify(meta.version)}, and versions 1 and 2 are known`);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const source = await files.createSource(folder + picture);
  const head = new Uint8Array(32);
  const got = await source.read(0, Math.min(32, source.size ?? 32)).pull(head);
  source.close();
  const pixels = webpPixels(head.subarray(0, got));
  if (pixels === null) throw invalid(name, `${picture} is not a WebP picture`);
  if (pixels < count) throw invalid(name, `${count} splats do not fit into the ${pixels} pixels of ${picture}`);
  return count;
}

/** Checks every file of the finest level that a lod-meta.json names. */
export async function checkLodManifest(files: ReadFileSystem, path: string, name: string): Promise<void> {
  const meta = await readJson(files, path, name);
  const { filenames, tree } = meta;
  if (!Array.isArray(filenames) || typeof tree !== 'object' || tree === null)
    throw invalid(name, 'its manifest lacks file names or a tree');
  const claimed = new Map<number, number>();
  const open: unknown[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { children, lods } = node as {
      children?: unknown;
      lods?: Record<string, { file?: unknown; count?: unknown } | undefined>;
    };
    if (Array.isArray(children))
      open.push(...(children as unknown[]).filter((c) => typeof c === 'object' && c !== null));
    const level = lods?.['0'];
    if (level === undefined || level === null) continue;
    if (typeof level.file !== 'number' || typeof level.count !== 'number')
      throw invalid(name, 'its tree names no file or count for a block');
    claimed.set(level.file, (claimed.get(level.file) ?? 0) + level.count);
  }
  if (claimed.size === 0) throw empty(name);
  for (const [file, count] of claimed) {
    const path: unknown = filenames[file];
    if (typeof path !== 'string') throw invalid(name, `its tree names file ${file}, which is not listed`);
    const held = await checkSogManifest(files, path, name);
    if (held !== count) throw invalid(name, `${path} holds ${held} splats where the tree counts ${count}`);
  }
}

async function readJson(files: ReadFileSystem, path: string, name: string): Promise<Record<string, unknown>> {
  const source = await files.createSource(path);
  if ((source.size ?? 0) > MAX_JSON_BYTES) throw invalid(name, `its manifest takes ${source.size ?? 0} bytes`);
  const bytes = await source.read().readAll();
  source.close();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw truncated(name, `the manifest ${path} is not whole JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(name, `the manifest ${path} is not a JSON object`);
  return value as Record<string, unknown>;
}

/** Width times height from a WebP header (lossy, lossless or extended); null where it is none. */
function webpPixels(head: Uint8Array): number | null {
  if (head.byteLength < 30) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, false) !== 0x52494646 || view.getUint32(8, false) !== 0x57454250) return null;
  switch (view.getUint32(12, false)) {
    case 0x5650384c: {
      const bits = view.getUint32(21, true);
      return ((bits & 0x3fff) + 1) * (((bits >>> 14) & 0x3fff) + 1);
    }
    case 0x56503858:
      return ((view.getUint32(24, true) & 0xffffff) + 1) * ((view.getUint32(26, true) >>> 8) + 1);
    case 0x56503820:
      return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff);
    default:
      return null;
  }
}
