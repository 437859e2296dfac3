import type { SplatScene } from './splat-scene.ts';

/** Splats of the scene that a block stands for; neighbours of each other. */
export const BLOCK_SPLATS = 16384;
/** Splats of a slot: what is chosen and drawn at once. */
export const SLOT_SPLATS = 256;
/**
 * Slots of each level of a block, the finest first: 4, 16 and 64 splats of the scene became one. A slot stands for four
 * of the level before, which follow each other, as they do for four slots of the scene's own splats each.
 */
export const LEVEL_SLOTS = [16, 4, 1] as const;
export const SLOTS_A_BLOCK = 21;
/**
 * Numbers a slot has: centre x, y, z and radius in world units, the mean size of the splats of its block and level, and
 * how far apart (root mean square, 0 to 1) the colours are that became one.
 */
export const SLOT_NUMBERS = 6;

/** A scene at coarser levels of detail, made of its own splats merged. */
export interface DetailLevels {
  /** Slots of all blocks, one block after the other; of SH degree 1 at most. What a slot lacks can't be drawn. */
  readonly scene: SplatScene;
  /** (S, SLOT_NUMBERS); a slot of nothing has a negative radius. */
  readonly slots: Float32Array;
  /** Rows of the scene that the levels were made of, as they follow each other in its blocks. */
  readonly order: Uint32Array;
}
