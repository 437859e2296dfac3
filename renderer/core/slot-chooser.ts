import type { CameraParameters } from './camera-parameters.ts';
import { LEVEL_SLOTS, SLOT_NUMBERS, SLOTS_A_BLOCK } from './detail-levels.ts';

/** Splats no larger than this a standard deviation need no finer ones. */
const FINE_PIXELS = 0.6;
/** Slots that need no more than this need no finer ones, in pixels beyond those times colours. */
const FINE_ENOUGH = 0.002;
/** What needs no more than this is never drawn finer. */
const LARGEST_NEED = 1e5;
/** Halvings of the interval in which the least need is sought. */
const STEPS = 24;
/** A slot's splats are nearer than its centre, but no nearer than this share of its radius. */
const NEAREST = 0.05;
/** The first of a block's slots of the middle level, and its slot of the coarsest. */
const MIDDLE = LEVEL_SLOTS[0];
const COARSEST = MIDDLE + LEVEL_SLOTS[1];
const FINER = 4;
/** One slot in so many may be drawn besides, while levels fade into each other. */
const A_FADING_SLOT = 8;
const NOT_SEEN = -1;

/** What a frame is drawn from: words of slots, see shaders/common/slots.wgsl. */
export interface ChosenSlots {
  /** Of the levels. */
  readonly merged: Uint32Array;
  /** Of the scene's own splats; of length 0 where those can't be drawn. */
  readonly own: Uint32Array;
}

/**
 * Chooses what is drawn of a scene with levels of detail: from everything that a camera may see those slots that need
 * finer ones the least, as many as a budget has. A change of level takes several frames, so that nothing pops up.
 * Allocates nothing a frame.
 */
export class SlotChooser {
  /** Of `merged` and `own`, chosen last. */
  mergedCount = 0;
  ownCount = 0;
  /**
   * Of each slot, as the camera sees it: pixels beyond FINE_PIXELS times colours, or NOT_SEEN. Never more than that of
   * the coarser one.
   */
  private readonly needs: Float64Array;
  /** How much finer ones were drawn in the place of each slot, 0 to 1, and the frame in which that was. */
  private readonly finerShares: Float32Array;
  private readonly frames: Uint32Array;
  private frame = 1;
  private readonly seenBlocks: Uint32Array;
  private seenCount = 0;
  /** Normals of the picture's left, right, top and bottom planes, through the eye and inwards. */
  private readonly planes = new Float64Array(12);
  private chosen: ChosenSlots = { merged: new Uint32Array(0), own: new Uint32Array(0) };
  private leastNeed = 0;
  private spare = 0;
  private step = 1;

  /** @param slots see DetailLevels */
  constructor(private readonly slots: Float32Array) {
    this.needs = new Float64Array(slots.length / SLOT_NUMBERS);
    this.finerShares = new Float32Array(this.needs.length);
    this.frames = new Uint32Array(this.needs.length);
    this.seenBlocks = new Uint32Array(this.needs.length / SLOTS_A_BLOCK);
  }

  /** Slots that `choose` takes of a budget of so many, or of blocks where those are more. */
  static room(most: number): number {
    return most + Math.floor(most / A_FADING_SLOT);
  }

  /**
   * @param most slots, besides those that fade; more are taken only where even the coarsest levels are
   * @param chosen receives them; each has to have `room`
   * @param step what a frame changes of a share of a level at most; 1 for a frame that others do not follow
   */
  choose(camera: CameraParameters, most: number, chosen: ChosenSlots, step = 1): void {
    this.look(camera, chosen.own.length > 0);
    this.leastNeed = this.leastNeedFor(most);
    this.spare = Math.floor(most / A_FADING_SLOT);
    this.step = step;
    this.chosen = chosen;
    this.mergedCount = 0;
    this.ownCount = 0;
    this.frame++;
    for (let i = 0; i < this.seenCount; i++) this.take(this.seenBlocks[i] * SLOTS_A_BLOCK, COARSEST, 1);
  }

  /** Draws a slot, finer ones or both, so that all together hide as much of what is behind as the slot would. */
  private take(block: number, slot: number, weight: number): void {
    const share = this.finerShare(block + slot);
    // Of two layers that hide what is behind, even a little of the front one covers much: slowly in and slowly out.
    const finer = share * share * (3 - 2 * share);
    if (finer < 1) this.chosen.merged[this.mergedCount++] = wordOf(block + slot, weight * (1 - finer));
    if (finer === 0) return;
    if (slot < MIDDLE) {
      const first = ((block / SLOTS_A_BLOCK) * MIDDLE + slot) * FINER;
      for (let k = 0; k < FINER; k++) this.chosen.own[this.ownCount++] = wordOf(first + k, weight * finer);
      return;
    }
    const first = slot === COARSEST ? MIDDLE : (slot - MIDDLE) * FINER;
    for (let k = 0; k < FINER; k++)
      if (this.needs[block + first + k] !== NOT_SEEN) this.take(block, first + k, weight * finer);
  }

  /** How much of a slot is drawn by finer ones; it goes there by steps where it was drawn in the frame before. */
  private finerShare(slot: number): number {
    const { finerShares, frames, frame } = this;
    const wanted = this.needs[slot] > this.leastNeed ? 1 : 0;
    const before = finerShares[slot];
    let share = wanted;
    if (frames[slot] === frame - 1 && Math.abs(wanted - before) > this.step) {
      const besides = wanted === 1 ? 1 : FINER;
      if (besides <= this.spare) {
        this.spare -= besides;
        share = before + Math.sign(wanted - before) * this.step;
      }
    }
    finerShares[slot] = share;
    frames[slot] = frame;
    return share;
  }

  /** Finds what reaches into the picture, and what it needs there. */
  private look(camera: CameraParameters, hasOwn: boolean): void {
    this.setPlanes(camera);
    this.seenCount = 0;
    for (let block = 0; block < this.needs.length; block += SLOTS_A_BLOCK) {
      const top = this.lookAt(camera, block + COARSEST, Infinity);
      if (top === NOT_SEEN) continue;
      this.seenBlocks[this.seenCount++] = block / SLOTS_A_BLOCK;
      for (let i = 0; i < LEVEL_SLOTS[1]; i++) {
        const middle = this.lookAt(camera, block + MIDDLE + i, top);
        if (middle === NOT_SEEN) continue;
        for (let k = 0; k < FINER; k++) {
          const finest = block + FINER * i + k;
          if (this.lookAt(camera, finest, middle) !== NOT_SEEN && !hasOwn) this.needs[finest] = 0;
        }
      }
    }
  }

  /** What a slot needs, and no more than the coarser one. */
  private lookAt({ worldToView: m, fx }: CameraParameters, slot: number, most: number): number {
    const { slots } = this;
    const at = slot * SLOT_NUMBERS;
    const x = slots[at];
    const y = slots[at + 1];
    const z = slots[at + 2];
    const radius = slots[at + 3];
    const viewX = m[0] * x + m[1] * y + m[2] * z + m[3];
    const viewY = m[4] * x + m[5] * y + m[6] * z + m[7];
    const viewZ = m[8] * x + m[9] * y + m[10] * z + m[11];
    if (!(viewZ > -radius && this.isInside(viewX, viewY, viewZ, radius))) return (this.needs[slot] = NOT_SEEN);
    // Math.hypot takes many times longer.
    const away = Math.sqrt(viewX * viewX + viewY * viewY + viewZ * viewZ);
    const distance = Math.max(away - radius, NEAREST * radius);
    const pixels = Math.max(0, (fx * slots[at + 4]) / distance - FINE_PIXELS);
    return (this.needs[slot] = Math.min(most, pixels * slots[at + 5]));
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

  /** What slots need at least to be drawn finer, where no more than `most` are drawn. */
  private leastNeedFor(most: number): number {
    if (this.slotsAt(FINE_ENOUGH) <= most) return FINE_ENOUGH;
    let low = FINE_ENOUGH;
    let high = LARGEST_NEED;
    for (let step = 0; step < STEPS; step++) {
      const middle = Math.sqrt(low * high);
      if (this.slotsAt(middle) > most) low = middle;
      else high = middle;
    }
    return high === LARGEST_NEED ? Infinity : high;
  }

  private slotsAt(leastNeed: number): number {
    const { needs } = this;
    let count = 0;
    for (let i = 0; i < this.seenCount; i++) {
      const block = this.seenBlocks[i] * SLOTS_A_BLOCK;
      if (!(needs[block + COARSEST] > leastNeed)) {
        count++;
        continue;
      }
      for (let middle = 0; middle < LEVEL_SLOTS[1]; middle++) {
        const need = needs[block + MIDDLE + middle];
        if (need === NOT_SEEN) continue;
        if (!(need > leastNeed)) {
          count++;
          continue;
        }
        for (let k = 0; k < FINER; k++) {
          const finest = needs[block + middle * FINER + k];
          if (finest !== NOT_SEEN) count += finest > leastNeed ? FINER : 1;
        }
      }
    }
    return count;
  }
}

/** @param weight 0 to 1 */
function wordOf(slot: number, weight: number): number {
  return ((Math.max(1, Math.round(weight * 255)) << 24) | slot) >>> 0;
}
