import { shaderConstant, shaders } from './shaders.ts';

export const TILE_PIXELS = shaderConstant(shaders.tileCount.code, 'TILE_PIXELS');
export const SEGMENT = shaderConstant(shaders.tileCount.code, 'SEGMENT');
const BLOCK_PIXELS = shaderConstant(shaders.tileCount.code, 'BLOCK_PIXELS');
const MOST_TILES = shaderConstant(shaders.tileCount.code, 'MOST_TILES');
/** Entries that the lists of a round have room for, four bytes each and as much again for pairs. */
const ENTRIES = 2 ** 23;
/** Segments of a round at most: enough for many cores; the lists of all of them are added up. */
const MOST_SEGMENTS = 64;

/** How a picture falls into tiles, blocks of them, and a list for each. */
export interface TileLayout {
  readonly columns: number;
  readonly rows: number;
  readonly blockColumns: number;
  readonly blockRows: number;
  readonly tiles: number;
  /** Of tiles and, after them, of blocks. */
  readonly lists: number;
  /** Runs of SEGMENT splats that a round takes. */
  readonly segments: number;
  /** Lists that one splat stands in at most. */
  readonly mostLists: number;
}

/** @param width of the picture in pixels */
export function tileLayout(width: number, height: number): TileLayout {
  const columns = Math.ceil(width / TILE_PIXELS);
  const rows = Math.ceil(height / TILE_PIXELS);
  const blockColumns = Math.ceil(width / BLOCK_PIXELS);
  const blockRows = Math.ceil(height / BLOCK_PIXELS);
  const tiles = columns * rows;
  const blocks = blockColumns * blockRows;
  const mostLists = Math.max(MOST_TILES, blocks);
  const segments = Math.min(MOST_SEGMENTS, Math.max(1, Math.floor(ENTRIES / (SEGMENT * mostLists))));
  return { columns, rows, blockColumns, blockRows, tiles, lists: tiles + blocks, segments, mostLists };
}
