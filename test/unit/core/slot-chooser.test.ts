import { describe, expect, it } from 'vitest';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { SLOT_NUMBERS, SLOTS_A_BLOCK } from '../../../renderer/core/detail-levels.ts';
import { SlotChooser } from '../../../renderer/core/slot-chooser.ts';

/** At the origin, looking along z. */
const camera: CameraParameters = {
  worldToView: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  fx: 100,
  fy: 100,
  cx: 50,
  cy: 50,
  width: 100,
  height: 100,
};

/** A block whose slots share a ball, of splats of 0.2, 0.4 and 0.8 units. */
function blockAt(x: number, z: number, radius = 1): number[] {
  const sizes = [...Array<number>(16).fill(0.2), ...Array<number>(4).fill(0.4), 0.8];
  return sizes.flatMap((size) => [x, 0, z, radius, size, 0.1]);
}

const NEAR = blockAt(0, 10);
const FAR = blockAt(0, 1000);

class Choice {
  readonly merged: Uint32Array;
  readonly own: Uint32Array;
  private readonly chooser: SlotChooser;

  constructor(
    slots: readonly number[],
    private readonly most: number,
    hasOwn = false,
  ) {
    this.chooser = new SlotChooser(Float32Array.from(slots));
    this.merged = new Uint32Array(SlotChooser.room(most));
    this.own = new Uint32Array(hasOwn ? SlotChooser.room(most) : 0);
  }

  /** Numbers of the chosen slots, and their weights. */
  next(step = 1, seenBy = camera) {
    this.chooser.choose(seenBy, this.most, this, step);
    const merged = Array.from(this.merged.subarray(0, this.chooser.mergedCount));
    const own = Array.from(this.own.subarray(0, this.chooser.ownCount));
    const slot = (word: number): number => word & 0xffffff;
    const weight = (word: number): number => (word >>> 24) / 255;
    return { merged: merged.map(slot), own: own.map(slot), weights: [...merged, ...own].map(weight) };
  }
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const moved = (z: number): CameraParameters => {
  const worldToView = Float64Array.from(camera.worldToView);
  worldToView[11] = z;
  return { ...camera, worldToView };
};

describe('slots of levels of detail', () => {
  it('are those that reach into the picture, finer nearby', () => {
    const others = [...blockAt(0, -10), ...blockAt(100, 10), ...blockAt(0, 0, -Infinity)];
    const { merged, own, weights } = new Choice([...NEAR, ...FAR, ...others], 64).next();
    expect(merged).toEqual([...range(0, 16), SLOTS_A_BLOCK + 20]);
    expect(own).toEqual([]);
    expect(weights).toEqual(Array(17).fill(1));
    const half = [...NEAR];
    for (let slot = 0; slot < 10; slot++) half[slot * SLOT_NUMBERS] = 100;
    expect(new Choice(half, 64).next().merged).toEqual(range(10, 6));
  });

  it('are as many as the budget allows, and never fewer than the coarsest', () => {
    const slots = [...NEAR, ...FAR];
    expect(new Choice(slots, 16).next().merged).toEqual([16, 17, 18, 19, SLOTS_A_BLOCK + 20]);
    expect(new Choice(slots, 4).next().merged).toEqual([20, SLOTS_A_BLOCK + 20]);
    expect(new Choice([...slots, ...FAR], 3).next().merged).toEqual([20, 41, 62]);
  });

  it('go to where the colours lie apart that became one', () => {
    const contrasts = (block: number[], contrast: number): number[] =>
      block.map((value, i) => (i % SLOT_NUMBERS === 5 ? contrast : value));
    const slots = [...contrasts(NEAR, 0.05), ...contrasts(NEAR, 0.5)];
    expect(new Choice(slots, 17).next().merged).toEqual([20, ...range(SLOTS_A_BLOCK, 16)]);
  });

  it('are those of the scene where there is room for them', () => {
    expect(new Choice(NEAR, 64, true).next()).toMatchObject({ merged: [], own: range(0, 64) });
    const one = [...NEAR];
    one[3 * SLOT_NUMBERS + 5] = 0.3;
    const { merged, own } = new Choice([...FAR, ...one], 20, true).next();
    expect(own).toEqual(range(4 * (16 + 3), 4));
    expect(merged).toHaveLength(1 + 15);
  });

  it('change their level by steps that hide as much together as one', () => {
    const choice = new Choice(NEAR, 64);
    choice.next(1, moved(2000));
    const shares: number[] = [];
    for (let frame = 0; frame < 12; frame++) {
      const { merged, weights } = choice.next(0.25);
      const sum = (own: (slot: number) => boolean): number =>
        weights.reduce((all, weight, i) => all + (own(merged[i]) ? weight : 0), 0);
      // Four slots stand in the place of one, sixteen in that of four.
      const finest = sum((slot) => slot < 16) / 16;
      expect(finest + sum((slot) => slot >= 16 && slot < 20) / 4 + sum((slot) => slot === 20)).toBeCloseTo(1, 1);
      expect(merged.length).toBeLessThanOrEqual(SlotChooser.room(64));
      shares.push(1 - sum((slot) => slot === 20));
    }
    expect(shares.slice(0, 4).map((share) => share.toFixed(2))).toEqual(['0.16', '0.50', '0.84', '1.00']);
    expect(choice.next(0.25).merged).toEqual(range(0, 16));
  });

  it('stay within the budget and an eighth more, however many change at once', () => {
    const many = Array.from({ length: 40 }, () => NEAR).flat();
    const choice = new Choice(many, 320, true);
    for (const z of [2000, 0, 2000, 0, 30, 0]) {
      const { merged, own } = choice.next(0.1, moved(z));
      expect(merged.length + own.length).toBeLessThanOrEqual(360);
      expect(merged.length + own.length).toBeGreaterThanOrEqual(40);
    }
  });
});
