import type { SplatScene } from './splat-scene.ts';

/** Splats of the scene that a block stands for; neighbours of each other. */
export const BLOCK_SPLATS = 16384;
/** Splats of a slot: what is chosen and drawn at once. */
export const SLOT_SPLATS = 256;
/** Slots of each level of a block, the finest first: 4, 16 and 64 splats of the scene became one. */
export const LEVEL_SLOTS = [16, 4, 1] as const;
export const SLOTS_A_BLOCK = 21;
/** Numbers a block has: centre x, y, z and radius in world units, then the mean size of each level's splats. */
export const BLOCK_NUMBERS = 7;

/** A scene at coarser levels of detail, made of its own splats merged. */
export interface DetailLevels {
  /** Slots of all blocks, one block after the other; of SH degree 1 at most. What a slot lacks can't be drawn. */
  readonly scene: SplatScene;
  /** (B, BLOCK_NUMBERS); a block of nothing has a negative radius. */
  readonly blocks: Float32Array;
}
