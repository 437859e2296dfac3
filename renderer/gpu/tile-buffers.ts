import { shaders } from './shaders.ts';
import { SEGMENT, TILE_PIXELS, type TileLayout } from './tile-layout.ts';
import { structLayout } from './wgsl.ts';

const PREPARED_BYTES = structLayout(shaders.tileCount, 'Prepared').size;
const WORD = 4;
/** Of a pixel between rounds: colour and transmittance. */
const PIXEL_BYTES = 16;
const QUARTERS = 4;

/** Buffers that pictures of up to a size are blended in, tile by tile. */
export class TileBuffers {
  readonly pixels: GPUBuffer;
  readonly quarters: GPUBuffer;
  readonly isDone: GPUBuffer;
  readonly work: GPUBuffer;
  readonly listed: GPUBuffer;
  readonly lists: GPUBuffer;
  readonly pairs: GPUBuffer;
  readonly entries: GPUBuffer;
  readonly prepared: GPUBuffer;
  readonly progress: GPUBuffer;
  readonly calls: GPUBuffer;

  constructor(
    device: GPUDevice,
    private readonly room: TileLayout,
  ) {
    const { tiles, lists, segments, mostLists } = room;
    const make = (label: string, size: number, usage = 0): GPUBuffer =>
      device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | usage });
    const splats = segments * SEGMENT;
    this.pixels = make('tile pixels', tiles * TILE_PIXELS * TILE_PIXELS * PIXEL_BYTES);
    this.quarters = make('tile quarters', tiles * QUARTERS * WORD);
    this.isDone = make('tiles done', lists * WORD);
    this.work = make('tile work', tiles * WORD);
    this.listed = make('tiles listed', segments * lists * WORD);
    this.lists = make('tile lists', (lists + 1) * WORD);
    // The first word of a segment's pairs says where they end.
    this.pairs = make('tile pairs', segments * (SEGMENT * mostLists + 1) * WORD);
    this.entries = make('tile entries', splats * mostLists * WORD);
    this.prepared = make('tile splats', splats * PREPARED_BYTES);
    this.progress = make('tile progress', structLayout(shaders.tileCount, 'Progress').size);
    this.calls = make('tile calls', structLayout(shaders.tileOffsets, 'Calls').size, GPUBufferUsage.INDIRECT);
  }

  /** Whether there is room for pictures of a layout. */
  fits({ tiles, lists, segments, mostLists }: TileLayout): boolean {
    const { room } = this;
    return (
      tiles <= room.tiles &&
      lists <= room.lists &&
      segments <= room.segments &&
      segments * mostLists <= room.segments * room.mostLists
    );
  }

  destroy(): void {
    const { pixels, quarters, isDone, work, listed, lists, pairs, entries, prepared, progress, calls } = this;
    const all = [pixels, quarters, isDone, work, listed, lists, pairs, entries, prepared, progress, calls];
    for (const buffer of all) buffer.destroy();
  }
}
