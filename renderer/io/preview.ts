import { concatenateScenes } from '../core/concatenate-scenes.ts';
import { countUndrawable } from '../core/drawable.ts';
import type { SplatScene } from '../core/splat-scene.ts';

/** Splats of a preview, in blocks of neighbours: files may be sorted, and each block costs a read. */
const BLOCKS = 512;
const BLOCK_SPLATS = 64;
/** Smaller scenes are read whole about as soon as a preview would be seen. */
const LEAST_SPLATS = 16 * BLOCKS * BLOCK_SPLATS;

/** Coarse levels of detail of more than this share of the splats are seen hardly sooner than the whole. */
const MOST_SHARE = 1 / 4;

/** Splats of a file that follow each other. */
export interface SplatBlock {
  readonly first: number;
  readonly count: number;
}

/** The blocks of a preview, spread over a file of `count` splats; none where the file needs no preview. */
export function previewBlocks(count: number): readonly SplatBlock[] {
  if (count < LEAST_SPLATS) return [];
  const apart = count / BLOCKS;
  return Array.from({ length: BLOCKS }, (_, i) => ({ first: Math.floor(i * apart), count: BLOCK_SPLATS }));
}

/**
 * What is seen of a scene of `count` splats until all of it is read: the splats of its blocks, so much larger that they
 * cover what the others do. Undefined where none of them can be drawn.
 */
export function previewOf(blocks: readonly SplatScene[], count: number): SplatScene | undefined {
  const preview = concatenateScenes(blocks);
  if (countUndrawable(preview) === preview.count) return undefined;
  const growth = Math.log(count / preview.count) / 2;
  return { ...preview, logScales: preview.logScales.map((size) => size + growth) };
}

/** Whether levels of detail of so many splats, read first, are a preview of a scene of `count` splats. */
export function arePreview(levelCount: number, count: number): boolean {
  return count >= LEAST_SPLATS && levelCount <= MOST_SHARE * count;
}
