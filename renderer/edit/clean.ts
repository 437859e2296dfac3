import { isDrawable } from '../core/drawable.ts';
import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { SplatTransform } from '../io/library.ts';
import { CHUNK_ROWS, loadLibrary, sceneFromChunks } from '../io/library.ts';
import { toTable } from '../io/write-scene.ts';
import type { SplatMask } from './selection.ts';
import type { Vector } from './shapes.ts';

/**
 * Which splats count as floaters.
 * `faint`: those that add next to nothing wherever the scene is solid: haze in empty space.
 * `detached`: whatever does not hang together with the main body, solid or not.
 */
export type FloaterKind = 'faint' | 'detached';

export interface FloaterOptions {
  readonly kind: FloaterKind;
  /** Voxels that span the scene's radius: more are finer. */
  readonly voxelsPerRadius: number;
  /** A voxel is solid above this opacity, 0..1. */
  readonly solidOpacity: number;
  /** Where the bulk of the scene lies, world units. */
  readonly bounds: { readonly centre: Vector; readonly radius: number };
}

/** Makes a PlayCanvas graphics device on WebGPU: what the library's voxels are computed on. */
export type CreateVoxelDevice = NonNullable<NonNullable<Parameters<SplatTransform['processDataTable']>[2]>['createDevice']>;

/** The library's voxel size has a lower limit in world units, so it works on a scene of this radius. */
const WORKING_RADIUS = 16;
/** Splats further out, in radii, would make the voxel grid too large; they are left as they are. */
const FAR_RADII = 6;
/** A scene this size is beyond what the library's table of rows can number. */
const LIBRARY_ROWS = 2 ** 24;

/**
 * Finds floaters by `@playcanvas/splat-transform`'s voxel filters, which run on WebGPU. Splats that can't be drawn at all (NaN, infinite) are
 * found too; splats far outside the scene, and very large ones such as a sky, never are.
 * @returns (N) 1 for each splat that would go
 * @throws SplatError `gpu-unavailable`, `gpu-error`, `out-of-memory`, `cancelled`
 */
export async function findFloaters(scene: SplatScene, options: FloaterOptions, createDevice: CreateVoxelDevice, job: JobOptions = {}): Promise<SplatMask> {
  const { bounds, kind, voxelsPerRadius, solidOpacity } = options;
  if (scene.count > LIBRARY_ROWS) throw tooLarge(scene);
  const lib = await loadLibrary();
  throwIfAborted(job.signal, 'Finding floaters');
  tellProgress(lib, job);
  const found = new Uint8Array(scene.count);
  const rows: number[] = [];
  for (let row = 0; row < scene.count; row++) {
    if (!isDrawable(scene, row)) found[row] = 1;
    else if (isWithinReach(scene, row, bounds)) rows.push(row);
  }
  if (rows.length === 0) return found;
  const table = voxelTable(lib, scene, rows, bounds);
  const voxelResolution = WORKING_RADIUS / voxelsPerRadius;
  const seed = densestPlace(scene, rows, bounds);
  const { Vec3 } = await import('playcanvas');
  try {
    const kept = await lib.processDataTable(
      table,
      [kind === 'faint' ? { kind: 'filterFloaters', voxelResolution, opacityCutoff: solidOpacity } : { kind: 'filterCluster', voxelResolution, opacityCutoff: solidOpacity, seed: new Vec3(...seed) }],
      { createDevice },
    );
    const column = kept.getColumnByName('row');
    for (const row of rows) found[row] = 1;
    for (const row of column?.data ?? []) found[row] = 0;
    return found;
  } catch (error) {
    throw toSplatError(error, 'gpu-error', 'The floaters could not be found');
  }
}

/**
 * Merges splats until `targetCount` are left (the library's mass-preserving pairwise merging, on the CPU). Splats that can't be drawn go first.
 * All bands of spherical harmonics and the scene's facts are kept; the order of the splats is not.
 * @throws SplatError `empty-scene`, `out-of-memory`, `cancelled`
 */
export async function decimateScene(scene: SplatScene, targetCount: number, job: JobOptions = {}): Promise<SplatScene> {
  const lib = await loadLibrary();
  throwIfAborted(job.signal, 'Decimating');
  tellProgress(lib, job);
  const drawable = new Uint8Array(scene.count);
  for (let row = 0; row < scene.count; row++) if (isDrawable(scene, row)) drawable[row] = 1;
  const whole = keepRows(scene, drawable);
  if (whole.count === 0) throw new SplatError('empty-scene', 'The scene cannot be decimated: none of its splats can be drawn.');
  if (targetCount >= whole.count) return whole;
  // Its worker pool would need files of its own beside the page's bundle; the job has a worker to itself already.
  lib.WorkerQueue.maxWorkers = 0;
  const pool = lib.createChunkDataPool({ chunkSize: CHUNK_ROWS });
  try {
    const table = toTable(lib, whole, lib.Transform.PLY);
    const merged = await lib.decimateSource(lib.dataTableToChunkSource(table, CHUNK_ROWS), pool, { targetCount: Math.max(1, Math.round(targetCount)) });
    try {
      return { ...(await sceneFromChunks(merged, pool, scene.meta, job)), meta: scene.meta };
    } finally {
      await merged.close();
    }
  } catch (error) {
    throw toSplatError(error, 'out-of-memory', 'The scene could not be decimated');
  } finally {
    pool.destroy();
  }
}

/** Splats of `scene` that `decimated` no longer holds at the same place: those that were merged or left out. */
export function mergedAway(scene: SplatScene, decimated: SplatScene): SplatMask {
  const places = new PlaceSet(decimated.positions);
  const mask = new Uint8Array(scene.count);
  const bits = new Uint32Array(scene.positions.buffer, scene.positions.byteOffset, scene.positions.length);
  for (let row = 0; row < scene.count; row++) if (!places.has(bits[3 * row], bits[3 * row + 1], bits[3 * row + 2])) mask[row] = 1;
  return mask;
}

/** A set of points by the bits of their coordinates: open addressing over one typed array. */
class PlaceSet {
  private readonly slots: Int32Array;
  private readonly bits: Uint32Array;

  constructor(positions: Float32Array) {
    this.bits = new Uint32Array(positions.buffer, positions.byteOffset, positions.length);
    const count = positions.length / 3;
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2))).fill(-1);
    for (let i = 0; i < count; i++) {
      const slot = this.find(this.bits[3 * i], this.bits[3 * i + 1], this.bits[3 * i + 2]);
      this.slots[slot] = i;
    }
  }

  has(x: number, y: number, z: number): boolean {
    return this.slots[this.find(x, y, z)] >= 0;
  }

  private find(x: number, y: number, z: number): number {
    const { slots, bits } = this;
    const last = slots.length - 1;
    let slot = (Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & last;
    while (slots[slot] >= 0) {
      const at = 3 * slots[slot];
      if (bits[at] === x && bits[at + 1] === y && bits[at + 2] === z) break;
      slot = (slot + 1) & last;
    }
    return slot;
  }
}

/** Whether the splat's centre and size lie within the reach of the voxel grid. */
function isWithinReach(scene: SplatScene, row: number, { centre, radius }: FloaterOptions['bounds']): boolean {
  const { positions: p, logScales: s } = scene;
  const reach = FAR_RADII * radius;
  const size = Math.exp(Math.max(s[3 * row], s[3 * row + 1], s[3 * row + 2]));
  return Math.hypot(p[3 * row] - centre[0], p[3 * row + 1] - centre[1], p[3 * row + 2] - centre[2]) <= reach && 3 * size <= radius;
}

/** The library's table of what voxels need, moved to the origin and scaled to the working radius, with each splat's row in the scene. */
function voxelTable(lib: SplatTransform, scene: SplatScene, rows: readonly number[], { centre, radius }: FloaterOptions['bounds']): InstanceType<SplatTransform['DataTable']> {
  const scale = WORKING_RADIUS / radius;
  const logScale = Math.log(scale);
  const column = (name: string, of: (row: number) => number): InstanceType<SplatTransform['Column']> => new lib.Column(name, Float32Array.from(rows, of));
  return new lib.DataTable([
    ...['x', 'y', 'z'].map((name, k) => column(name, (row) => (scene.positions[3 * row + k] - centre[k]) * scale)),
    ...[0, 1, 2, 3].map((k) => column(`rot_${k}`, (row) => scene.quats[4 * row + k])),
    ...[0, 1, 2].map((k) => column(`scale_${k}`, (row) => scene.logScales[3 * row + k] + logScale)),
    column('opacity', (row) => scene.logitOpacities[row]),
    column('row', (row) => row),
  ]);
}

/** Where most opaque splats are, in the table's own units: from there the main body is followed. */
function densestPlace(scene: SplatScene, rows: readonly number[], { centre, radius }: FloaterOptions['bounds']): [number, number, number] {
  const cells = 24;
  const counts = new Uint32Array(cells ** 3);
  const cellOf = (row: number): number => {
    let cell = 0;
    for (let k = 0; k < 3; k++) {
      const at = Math.floor(((scene.positions[3 * row + k] - centre[k]) / radius / 2 + 0.5) * cells);
      if (at < 0 || at >= cells) return -1;
      cell = cell * cells + at;
    }
    return cell;
  };
  let densest = -1;
  for (const row of rows) {
    const cell = scene.logitOpacities[row] > 0 ? cellOf(row) : -1;
    if (cell >= 0 && ++counts[cell] > (densest < 0 ? 0 : counts[densest])) densest = cell;
  }
  const scale = WORKING_RADIUS / radius;
  const seed = rows.find((row) => densest >= 0 && scene.logitOpacities[row] > 0 && cellOf(row) === densest);
  return seed === undefined ? [0, 0, 0] : [0, 1, 2].map((k) => (scene.positions[3 * seed + k] - centre[k]) * scale) as [number, number, number];
}

/** Passes the library's progress bars on: each is a stage. */
function tellProgress(lib: SplatTransform, { onProgress }: JobOptions): void {
  lib.logger.setRenderer({
    handle: (event) => {
      if (event.kind !== 'barStart' && event.kind !== 'barTick') return;
      const name = event.name.charAt(0).toUpperCase() + event.name.slice(1);
      onProgress?.({ stage: name, fraction: event.kind === 'barTick' && event.total > 0 ? event.current / event.total : 0 });
    },
  });
}

function tooLarge(scene: SplatScene): SplatError {
  return new SplatError('out-of-memory', `Floaters can be looked for among up to ${LIBRARY_ROWS.toLocaleString('en')} splats, and the scene has ${scene.count.toLocaleString('en')}.`, 'Decimate the scene first.');
}
