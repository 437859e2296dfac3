import { formatCount } from '../core/units.ts';
import { outOfMemory } from './device.ts';
import { shaderConstant, shaders } from './shaders.ts';
import { structLayout } from './wgsl.ts';

const DIGITS = shaderConstant(shaders.sortScan.code, 'DIGITS');
export const TILE = shaderConstant(shaders.sortScan.code, 'TILE');
const RECORD_BYTES = structLayout(shaders.draw, 'Record').size;

/** Bytes a splat that drawing takes beside the scenes themselves: a record, keys and values twice, and histograms. */
export const FRAME_BYTES_A_SPLAT = RECORD_BYTES + 16 + (4 * DIGITS) / TILE;

/** Splats that a device can draw at once: their records have to fit into one binding. */
export function maxSplatsAtOnce({
  maxStorageBufferBindingSize,
  maxBufferSize,
}: Pick<GPUSupportedLimits, 'maxStorageBufferBindingSize' | 'maxBufferSize'>): number {
  return Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / RECORD_BYTES);
}

/** Buffers that the sort works in, for up to `capacity` keys. */
export class SortBuffers {
  readonly keys: GPUBuffer;
  readonly values: GPUBuffer;
  readonly keysOther: GPUBuffer;
  readonly valuesOther: GPUBuffer;
  readonly histograms: GPUBuffer;
  readonly digitTotals: GPUBuffer;
  /** SortCounts: keys before and after the first pass. */
  readonly counts: GPUBuffer;
  /** IndirectCalls: dispatch arguments at byte 0, draw arguments at byte 12. */
  readonly calls: GPUBuffer;

  constructor(
    device: GPUDevice,
    readonly capacity: number,
  ) {
    const make = (label: string, words: number, usage = 0): GPUBuffer =>
      device.createBuffer({
        label,
        size: Math.max(1, words) * 4,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | usage,
      });
    this.keys = make('keys', capacity);
    this.values = make('values', capacity);
    this.keysOther = make('keysOther', capacity);
    this.valuesOther = make('valuesOther', capacity);
    this.histograms = make('histograms', DIGITS * Math.ceil(capacity / TILE));
    this.digitTotals = make('digitTotals', DIGITS);
    this.counts = make('counts', 2);
    this.calls = make('calls', 8, GPUBufferUsage.INDIRECT);
  }

  /** Keys in order: three passes end in the other pair. */
  get sortedKeys(): GPUBuffer {
    return this.keysOther;
  }

  /** Splat indices in order of their keys. */
  get sortedValues(): GPUBuffer {
    return this.valuesOther;
  }

  destroy(): void {
    for (const buffer of [
      this.keys,
      this.values,
      this.keysOther,
      this.valuesOther,
      this.histograms,
      this.digitTotals,
      this.counts,
      this.calls,
    ])
      buffer.destroy();
  }
}

/** Everything a frame needs whose size follows the number of splats; shared by all scenes that one renderer draws. */
export class Scratch {
  readonly sort: SortBuffers;
  /** Record by splat index; only those of visible splats are written. */
  readonly records: GPUBuffer;

  /** @throws SplatError `out-of-memory` where the device's limits do not allow `capacity` splats */
  constructor(
    device: GPUDevice,
    readonly capacity: number,
  ) {
    const size = Math.max(1, capacity) * RECORD_BYTES;
    if (capacity > maxSplatsAtOnce(device.limits)) {
      throw outOfMemory(
        `The scene has ${formatCount(capacity)} splats, which is more than this graphics card can draw at once.`,
      );
    }
    this.sort = new SortBuffers(device, capacity);
    this.records = device.createBuffer({
      label: 'records',
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
  }

  destroy(): void {
    this.sort.destroy();
    this.records.destroy();
  }
}
