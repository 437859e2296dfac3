import { drawableMask } from '../core/drawable.ts';
import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { SplatTransform } from '../io/library.ts';
import { CHUNK_ROWS, loadLibrary, sceneFromChunks, toTable } from '../io/library.ts';
import type { SplatMask } from './selection.ts';

/**
 * Merges splats until `targetCount` are left (the library's mass-preserving pairwise merging, on the CPU). Splats that
 * can't be drawn go first.
 * All bands of spherical harmonics and the scene's facts are kept; the order of the splats is not.
 * @throws SplatError `empty-scene`, `out-of-memory`, `cancelled`
 */
export async function decimateScene(scene: SplatScene, targetCount: number, job: JobOptions = {}): Promise<SplatScene> {
  const lib = await loadLibrary();
  throwIfAborted(job.signal, 'Decimating');
  tellProgress(lib, job);
  const whole = keepRows(scene, drawableMask(scene));
  if (whole.count === 0)
    throw new SplatError('empty-scene', 'The scene cannot be decimated: none of its splats can be drawn.');
  if (targetCount >= whole.count) return whole;
  const pool = lib.createChunkDataPool({ chunkSize: CHUNK_ROWS });
  try {
    const table = toTable(lib, whole, lib.Transform.PLY);
    const merged = await lib.decimateSource(lib.dataTableToChunkSource(table, CHUNK_ROWS), pool, {
      targetCount: Math.max(1, Math.round(targetCount)),
    });
    try {
      return { ...(await sceneFromChunks(lib, merged, scene.meta, job)), meta: scene.meta };
    } finally {
      await merged.close();
    }
  } catch (error) {
    throw toSplatError(error, 'out-of-memory', 'The scene could not be decimated');
  } finally {
    pool.destroy();
  }
}

/** Splats of `scene` that `decimated` no longer holds at the same position: those that were merged or left out. */
export function mergedAway(scene: SplatScene, decimated: SplatScene): SplatMask {
  const positions = new PositionSet(decimated.positions);
  const mask = new Uint8Array(scene.count);
  const bits = new Uint32Array(scene.positions.buffer, scene.positions.byteOffset, scene.positions.length);
  for (let row = 0; row < scene.count; row++)
    if (!positions.has(bits[3 * row], bits[3 * row + 1], bits[3 * row + 2])) mask[row] = 1;
  return mask;
}

/** A set of points by the bits of their coordinates: open addressing over one typed array. */
class PositionSet {
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

/** Passes the library's progress bars on: each is a stage. */
function tellProgress(lib: SplatTransform, { onProgress }: JobOptions): void {
  lib.logger.setRenderer({
    handle: (event) => {
      if (event.kind !== 'barStart' && event.kind !== 'barTick') return;
      const name = event.name.charAt(0).toUpperCase() + event.name.slice(1);
      onProgress?.({
        stage: name,
        fraction: event.kind === 'barTick' && event.total > 0 ? event.current / event.total : 0,
      });
    },
  });
}
