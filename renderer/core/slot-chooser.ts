import type { CameraParameters } from './camera-parameters.ts';
import { BLOCK_NUMBERS, LEVEL_SLOTS, SLOTS_A_BLOCK } from './detail-levels.ts';

/** Splats smaller than this many pixels a standard deviation need no finer level. */
const FINE_ENOUGH_PIXELS = 0.5;
/** Coarser than this is all the same. */
const COARSEST_PIXELS = 1e5;
/** Halvings of the interval in which the coarseness is sought. */
const STEPS = 24;
/** A block's splats are nearer than its centre, but no nearer than this share of its radius. */
const NEAREST = 0.05;
/** The first of a block's slots of each level. */
const LEVEL_STARTS = [0, LEVEL_SLOTS[0], LEVEL_SLOTS[0] + LEVEL_SLOTS[1]] as const;

/**
 * Chooses for each block that a camera may see the level that is drawn: the coarsest whose splats stay below so many
 * pixels, which are as few as a budget of slots allows. Allocates nothing a frame.
 */
export class SlotChooser {
  private readonly seen: Uint32Array;
  /** (B, 2) of the blocks seen: pixels of the splats of the coarsest level and of the one before it. */
  private readonly pixels: Float64Array;
  private seenCount = 0;
  /** Normals of the picture's left, right, top and bottom planes, through the eye and inwards. */
  private readonly planes = new Float64Array(12);

  /** @param blocks see DetailLevels */
  constructor(private readonly blocks: Float32Array) {
    this.seen = new Uint32Array(blocks.length / BLOCK_NUMBERS);
    this.pixels = new Float64Array(2 * this.seen.length);
  }

  /**
   * @param most slots; more are taken only where even the coarsest levels are
   * @param slots receives the chosen ones; as long as `most`, or as there are blocks where those are more
   * @returns how many were chosen
   */
  choose(camera: CameraParameters, most: number, slots: Uint32Array): number {
    this.look(camera);
    const coarseness = this.coarsenessFor(most);
    let chosen = 0;
    for (let i = 0; i < this.seenCount; i++) {
      const level = this.levelAt(i, coarseness);
      const first = this.seen[i] * SLOTS_A_BLOCK + LEVEL_STARTS[level];
      for (let slot = 0; slot < LEVEL_SLOTS[level]; slot++) slots[chosen++] = first + slot;
    }
    return chosen;
  }

  /** Finds the blocks whose ball reaches into the picture, and how large their splats are there. */
  private look(camera: CameraParameters): void {
    const { blocks, pixels } = this;
    const { worldToView: m, fx } = camera;
    this.setPlanes(camera);
    this.seenCount = 0;
    for (let block = 0, at = 0; at < blocks.length; block++, at += BLOCK_NUMBERS) {
      const x = blocks[at];
      const y = blocks[at + 1];
      const z = blocks[at + 2];
      const radius = blocks[at + 3];
      const viewX = m[0] * x + m[1] * y + m[2] * z + m[3];
      const viewY = m[4] * x + m[5] * y + m[6] * z + m[7];
      const viewZ = m[8] * x + m[9] * y + m[10] * z + m[11];
      if (!(viewZ > -radius && this.isInside(viewX, viewY, viewZ, radius))) continue;
      const distance = Math.max(Math.hypot(viewX, viewY, viewZ) - radius, NEAREST * radius);
      this.seen[this.seenCount] = block;
      pixels[2 * this.seenCount] = (fx * blocks[at + 6]) / distance;
      pixels[2 * this.seenCount + 1] = (fx * blocks[at + 5]) / distance;
      this.seenCount++;
    }
  }

  private setPlanes({ fx, fy, cx, cy, width, height }: CameraParameters): void {
    this.setPlane(0, fx, 0, cx);
    this.setPlane(3, -fx, 0, width - cx);
    this.setPlane(6, 0, fy, cy);
    this.setPlane(9, 0, -fy, height - cy);
  }

  private setPlane(at: number, x: number, y: number, z: number): void {
    const length = Math.hypot(x, y, z);
    this.planes[at] = x / length;
    this.planes[at + 1] = y / length;
    this.planes[at + 2] = z / length;
  }

  private isInside(x: number, y: number, z: number, radius: number): boolean {
    const { planes } = this;
    for (let at = 0; at < planes.length; at += 3)
      if (planes[at] * x + planes[at + 1] * y + planes[at + 2] * z <= -radius) return false;
    return true;
  }

  /** The least number of pixels at which no more than `most` slots are needed. */
  private coarsenessFor(most: number): number {
    if (this.slotsAt(FINE_ENOUGH_PIXELS) <= most) return FINE_ENOUGH_PIXELS;
    let low = FINE_ENOUGH_PIXELS;
    let high = COARSEST_PIXELS;
    for (let step = 0; step < STEPS; step++) {
      const middle = Math.sqrt(low * high);
      if (this.slotsAt(middle) > most) low = middle;
      else high = middle;
    }
    return high === COARSEST_PIXELS ? Infinity : high;
  }

  private slotsAt(pixels: number): number {
    let slots = 0;
    for (let i = 0; i < this.seenCount; i++) slots += LEVEL_SLOTS[this.levelAt(i, pixels)];
    return slots;
  }

  /** The coarsest level whose splats stay below so many pixels; the finest where none does. */
  private levelAt(i: number, pixels: number): 0 | 1 | 2 {
    if (this.pixels[2 * i] <= pixels) return 2;
    return this.pixels[2 * i + 1] <= pixels ? 1 : 0;
  }
}
