import type * as SplatTransformModule from '@playcanvas/splat-transform';
import type { ChunkSource, DataTable, ReadFileSystem, ReadSource, ReadStream } from '@playcanvas/splat-transform';
import { throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';
import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import { createScene, shRestCount } from '../core/splat-scene.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import { finiteLogit, finiteLogScale } from './finite-limits.ts';
import type { SceneSource } from './source.ts';
import { invalid, openSibling } from './source.ts';

/** The decoding library's module. */
export type SplatTransform = typeof SplatTransformModule;

/** Rows handed over between two progress reports. */
export const CHUNK_ROWS = 65536;

let webpDecoderUrl: string | null = null;

/** Where webp.wasm lies, for bundles that move it; in Node the library finds its own. */
export function setWebpDecoderUrl(url: string): void {
  webpDecoderUrl = url;
}

/** Loaded on first use: it is 5 MB, and plain PLY files need none of it. */
export async function loadLibrary(): Promise<SplatTransform> {
  const lib = await import('@playcanvas/splat-transform');
  if (webpDecoderUrl !== null) lib.WebPCodec.wasmUrl = webpDecoderUrl;
  // Its worker pool would need files of its own beside the page's bundle; jobs have a worker to themselves already.
  lib.WorkerQueue.maxWorkers = 0;
  return lib;
}

/** Shows a SceneSource to the library as a seekable file. */
export function librarySource(lib: SplatTransform, source: SceneSource): ReadSource {
  class SourceStream extends lib.ReadStream {
    constructor(
      private position: number,
      private readonly end: number,
    ) {
      super(Math.max(0, end - position));
    }

    override async pull(target: Uint8Array): Promise<number> {
      const length = Math.min(target.byteLength, this.end - this.position);
      if (length <= 0) return 0;
      const bytes = await source.read(this.position, length);
      target.set(bytes);
      this.position += bytes.byteLength;
      this.bytesRead += bytes.byteLength;
      return bytes.byteLength;
    }
  }
  return {
    size: source.size,
    seekable: true,
    read: (start = 0, end = source.size): ReadStream => new SourceStream(start, Math.min(end, source.size)),
    close: () => undefined,
  };
}

/** A folder with `main` in it under the name `as`; everything else comes from its siblings. */
export function libraryFolder(lib: SplatTransform, main: SceneSource, as: string): ReadFileSystem {
  return {
    createSource: async (path: string): Promise<ReadSource> => {
      if (path === as) return librarySource(lib, main);
      return librarySource(lib, await openSibling(main, path, 'Open the whole folder, or a bundled .sog file.'));
    },
  };
}

/**
 * Copies the finest level of a library source into a scene, chunk by chunk.
 * The library's colour rows are channel-major; ours are coefficient-major rgb.
 */
export async function sceneFromChunks(
  lib: SplatTransform,
  source: ChunkSource,
  meta: SplatSceneMeta,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const { chunkSize } = source.meta;
  const count = source.meta.lodCounts[0];
  if (count === 0) throw invalid(meta.name, 'no splats could be decoded');
  // Buffers have the pool's size whatever they hold: a few splats need no more than their own.
  const pool = lib.createChunkDataPool({ chunkSize: Math.min(chunkSize, count) });
  try {
    return await copyChunks(source, pool, meta, options);
  } finally {
    pool.destroy();
  }
}

async function copyChunks(
  source: ChunkSource,
  pool: ReturnType<SplatTransform['createChunkDataPool']>,
  meta: SplatSceneMeta,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const { layouts, shBands, chunkSize } = source.meta;
  const count = source.meta.lodCounts[0];
  const { position: positionLayout, geometric: geometricLayout, color: colorLayout } = layouts;
  if (positionLayout === undefined || geometricLayout === undefined || colorLayout === undefined) {
    throw invalid(meta.name, 'it holds points without the shape or colour of splats');
  }
  const antialiased = source.meta.model === 'antialiased';
  const coefficients = shRestCount(shBands);
  let scene: SplatScene | undefined;
  for (let chunkIndex = 0, start = 0; start < count; chunkIndex++, start += chunkSize) {
    throwIfAborted(options.signal, `Opening ${meta.name}`);
    const rows = Math.min(chunkSize, count - start);
    // Anew for every chunk, as resident sources insist on buffers of the last chunk's own length; the pool reuses
    // memory.
    const position = pool.acquire('position', positionLayout, rows);
    const geometric = pool.acquire('geometric', geometricLayout, rows);
    const color = pool.acquire('color', colorLayout, rows);
    await source.read({ chunkIndex, position, geometric, color });
    // Only now: a lying count has had its chance to fail on real data first.
    scene ??= createScene(count, shBands, { ...meta, antialiased });
    scene.positions.set(new Float32Array(position.data, 0, rows * 3), start * 3);
    copyGeometry(new Float32Array(geometric.data), rows, scene, start);
    copyColor(new Float32Array(color.data), rows, coefficients, scene, start);
    for (const buffer of [position, geometric, color]) buffer.release();
    options.onProgress?.({ stage: 'Reading splats', fraction: (start + rows) / count });
    await yieldToEventLoop();
  }
  if (scene === undefined) throw invalid(meta.name, 'no splats could be decoded');
  return scene;
}

function copyGeometry(rows8: Float32Array, rows: number, scene: SplatScene, start: number): void {
  for (let r = 0; r < rows; r++) {
    const row = start + r;
    for (let k = 0; k < 4; k++) scene.quats[row * 4 + k] = rows8[r * 8 + k];
    for (let k = 0; k < 3; k++) scene.logScales[row * 3 + k] = finiteLogScale(rows8[r * 8 + 4 + k]);
    scene.logitOpacities[row] = finiteLogit(rows8[r * 8 + 7]);
  }
}

function copyColor(colors: Float32Array, rows: number, coefficients: number, scene: SplatScene, start: number): void {
  const width = 3 + coefficients * 3;
  for (let r = 0; r < rows; r++) {
    const from = r * width;
    const row = start + r;
    for (let c = 0; c < 3; c++) scene.shDc[row * 3 + c] = colors[from + c];
    const to = row * coefficients * 3;
    for (let k = 0; k < coefficients; k++) {
      for (let c = 0; c < 3; c++) scene.shRest[to + k * 3 + c] = colors[from + 3 + c * coefficients + k];
    }
  }
}

/** Moves, turns and scales a scene, its harmonics too. Columns of its own are left out. */
export async function transformScene(
  lib: SplatTransform,
  scene: SplatScene,
  transform: InstanceType<SplatTransform['Transform']>,
): Promise<SplatScene> {
  const table = toTable(lib, scene, lib.Transform.PLY.clone().mul(transform));
  const chunks = lib.bakeTransform(lib.dataTableToChunkSource(table, CHUNK_ROWS), lib.Transform.PLY);
  return sceneFromChunks(lib, chunks, scene.meta, {});
}

/** The scene as the library's table of columns. */
export function toTable(
  lib: SplatTransform,
  scene: SplatScene,
  frame: InstanceType<SplatTransform['Transform']>,
): DataTable {
  const coefficients = shRestCount(scene.shDegree);
  const column = (
    name: string,
    values: Float32Array,
    width: number,
    at: number,
  ): InstanceType<SplatTransform['Column']> => {
    const data = new Float32Array(scene.count);
    for (let row = 0, from = at; row < data.length; row++, from += width) data[row] = values[from];
    return new lib.Column(name, data);
  };
  const columns = [
    ...['x', 'y', 'z'].map((n, k) => column(n, scene.positions, 3, k)),
    ...[0, 1, 2].map((k) => column(`scale_${k}`, scene.logScales, 3, k)),
    ...[0, 1, 2].map((k) => column(`f_dc_${k}`, scene.shDc, 3, k)),
    column('opacity', scene.logitOpacities, 1, 0),
    ...[0, 1, 2, 3].map((k) => column(`rot_${k}`, scene.quats, 4, k)),
  ];
  for (let c = 0; c < 3; c++) {
    for (let k = 0; k < coefficients; k++)
      columns.push(column(`f_rest_${c * coefficients + k}`, scene.shRest, coefficients * 3, k * 3 + c));
  }
  return new lib.DataTable(columns, frame);
}
