import type { ReadFileSystem, ZipReadFileSystem } from '@playcanvas/splat-transform';
import type { SplatError } from '../core/errors.ts';
import { checkPackedCount } from './packed-count.ts';
import { empty, invalid, truncated, unsupported } from './source.ts';

/** Text of a manifest never gets near this; pictures are checked by their own headers. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** The pictures in a bundle are packed already: an entry that grows beyond this factor is a trap. */
const MAX_INFLATION = 64;
/** Every splat has a pixel in most pictures; rows are filled up, and the palette of harmonics has pixels of its own. */
const MOST_PIXELS_A_SPLAT = 4;
const PIXELS_FOR_FREE = 1 << 21;
const DEFLATED = 8;
const INFLATED_AT_ONCE = 1 << 16;

/** Refuses bundles whose entries claim to unpack to far more than the file could hold. */
export async function checkBundle(zip: ZipReadFileSystem, name: string, fileBytes: number): Promise<void> {
  const paths = await zip.list();
  if (!paths.includes('meta.json')) throw notBundle(name, paths);
  let total = 0;
  for (const path of paths) total += (await zip.getEntry(path))?.uncompressedSize ?? 0;
  if (total > MAX_INFLATION * fileBytes + MAX_JSON_BYTES)
    throw invalid(name, `its entries claim to unpack to ${total} bytes`);
  for (const path of paths) await checkInflation(zip, path, name);
}

/** Unpacks an entry piece by piece, keeping nothing, to see that it ends where it says. */
async function checkInflation(zip: ZipReadFileSystem, path: string, name: string): Promise<void> {
  const entry = await zip.getEntry(path);
  if (entry?.method !== DEFLATED) return;
  const source = await zip.createSource(path);
  const stream = source.read();
  const piece = new Uint8Array(INFLATED_AT_ONCE);
  let isBroken = false;
  try {
    for (let length = 0, got = 1; got > 0; length += got) {
      if (length > entry.uncompressedSize)
        throw invalid(name, `${path} unpacks to more than the ${entry.uncompressedSize} bytes it claims`);
      isBroken = true;
      got = await stream.pull(piece);
      isBroken = false;
    }
  } finally {
    // Closing a stream that failed fails again where nobody waits for it, which ends the command line.
    if (!isBroken) stream.close();
    source.close();
  }
}

/** Endings of scenes that people pack into archives. */
const SCENE_ENDING = /\.(ply|splat|ksplat|spz|sog)$/i;
const MOST_NAMES = 5;

const CHECKPOINT_ADVICE =
  'A model of SplatFormer is opened by Model > Open Checkpoint…; of a training, open the scene that it exported.';

/** What a zip archive holds in the place of a SOG scene. */
function notBundle(name: string, paths: readonly string[]): SplatError {
  // Archives that macOS makes hold a note beside each file.
  const files = paths.filter((path) => !path.endsWith('/') && !/(^|\/)(__MACOSX\/|\._)/.test(path));
  if (files.some((path) => /(^|\/)data\.pkl$/.test(path)))
    return unsupported(name, 'it is a checkpoint of PyTorch', CHECKPOINT_ADVICE);
  const some = files.slice(0, MOST_NAMES).join(', ');
  const more = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : '';
  const scene = files.find((path) => SCENE_ENDING.test(path)) ?? files.find((path) => /meta\.json$/.test(path));
  return unsupported(
    name,
    files.length === 0 ? 'it is an empty zip archive' : `it is a zip archive that holds ${some}${more}`,
    scene === undefined ? 'It holds no scene that is known here.' : `Unpack it and open ${scene}.`,
  );
}

/**
 * Checks one SOG manifest (meta.json) against the pictures it names, before anything of the claimed size is allocated:
 * a picture of w x h pixels holds at most w x h splats, and none needs many more.
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
  if (meta.version !== undefined && meta.version !== 2) {
    const version = typeof meta.version === 'number' ? String(meta.version) : 'no number';
    throw unsupported(name, `its SOG version is ${version}, and versions 1 and 2 are known`);
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const first = await pictureSize(files, folder + picture);
  if (first === null) throw invalid(name, `${picture} is not a WebP picture`);
  if (first.pixels < count)
    throw invalid(name, `${count} splats do not fit into the ${first.pixels} pixels of ${picture}`);
  let bytes = 0;
  for (const file of picturesOf(meta, name)) {
    // Pictures that are not there or damaged are the decoder's to tell.
    const size = await pictureSize(files, folder + file).catch(() => null);
    bytes += size?.bytes ?? 0;
    if ((size?.pixels ?? 0) > MOST_PIXELS_A_SPLAT * count + PIXELS_FOR_FREE)
      throw invalid(name, `${file} has ${size?.pixels ?? 0} pixels for ${count} splats`);
  }
  checkPackedCount(name, count, bytes);
  return count;
}

/** Names of all pictures that a manifest has decoded. */
function picturesOf(meta: Record<string, unknown>, name: string): Set<string> {
  const lists = Object.values(meta).map((part) => (part as { files?: unknown } | null)?.files);
  const names = new Set<string>();
  for (const file of lists.filter((list) => Array.isArray(list)).flat() as unknown[]) {
    if (typeof file !== 'string') throw invalid(name, 'its manifest lists a picture by something that is no name');
    names.add(file);
  }
  return names;
}

async function pictureSize(files: ReadFileSystem, path: string): Promise<{ pixels: number; bytes: number } | null> {
  const source = await files.createSource(path);
  const head = new Uint8Array(32);
  const bytes = source.size ?? 0;
  const got = await source.read(0, Math.min(32, bytes)).pull(head);
  source.close();
  const pixels = webpPixels(head.subarray(0, got));
  return pixels === null ? null : { pixels, bytes };
}

/** A run of a file's splats. */
export interface Run {
  readonly offset: number;
  readonly count: number;
}

/** Manifests of files, with the runs of their splats that are read. */
export type RunsByFile = ReadonlyMap<string, readonly Run[]>;

/** A lod-meta.json: files with levels of detail, and the blocks of space that they hold. */
export interface LodManifest {
  readonly filenames: readonly unknown[];
  readonly tree: object;
  /** Manifest of what stands around the scene. */
  readonly environment: string | undefined;
}

export async function readLodManifest(files: ReadFileSystem, path: string, name: string): Promise<LodManifest> {
  const { filenames, tree, environment } = await readJson(files, path, name);
  if (!Array.isArray(filenames) || typeof tree !== 'object' || tree === null)
    throw invalid(name, 'its manifest lacks file names or a tree');
  const around = typeof environment === 'string' && environment !== '' ? environment : undefined;
  return { filenames: filenames as unknown[], tree, environment: around };
}

/** Finds the finest or the coarsest level of every block, which for some is not that of the others. */
export function blocksAt(level: 'finest' | 'coarsest', { filenames, tree }: LodManifest, name: string): RunsByFile {
  const blocks = new Map<string, Run[]>();
  const open: unknown[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { children, lods } = node as { children?: unknown; lods?: Record<string, unknown> | null };
    if (Array.isArray(children))
      open.push(...(children as unknown[]).filter((c) => typeof c === 'object' && c !== null));
    // Integer keys come in ascending order, whatever the file's.
    const levels = Object.entries(lods ?? {}).filter(([number, block]) => /^\d+$/.test(number) && block !== null);
    const chosen = levels.at(level === 'finest' ? 0 : -1);
    if (chosen === undefined) continue;
    const { file, offset = 0, count } = chosen[1] as { file?: unknown; offset?: unknown; count?: unknown };
    if (typeof file !== 'number' || !isCount(offset) || !isCount(count))
      throw invalid(name, 'its tree names no file or count for a block');
    const manifest: unknown = filenames[file];
    if (typeof manifest !== 'string') throw invalid(name, `its tree names file ${file}, which is not listed`);
    const runs = blocks.get(manifest);
    if (runs === undefined) blocks.set(manifest, [{ offset, count }]);
    else runs.push({ offset, count });
  }
  return blocks;
}

/** Checks the files of such runs, before anything of the claimed sizes is allocated. */
export async function checkRuns(files: ReadFileSystem, runsByFile: RunsByFile, name: string): Promise<void> {
  for (const [manifest, runs] of runsByFile) {
    const held = await checkSogManifest(files, manifest, name);
    const end = runs.reduce((most, { offset, count }) => Math.max(most, offset + count), 0);
    if (end > held) throw invalid(name, `${manifest} holds ${held} splats where the tree counts ${end}`);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

async function readJson(files: ReadFileSystem, path: string, name: string): Promise<Record<string, unknown>> {
  const source = await files.createSource(path);
  if ((source.size ?? 0) > MAX_JSON_BYTES) throw invalid(name, `its manifest takes ${source.size ?? 0} bytes`);
  const bytes = await source.read().readAll();
  source.close();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw truncated(name, `the manifest ${path} is not whole JSON`, { cause: error });
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
