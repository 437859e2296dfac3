import { describe, expect, it } from 'vitest';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { SLOTS_A_BLOCK } from '../../../renderer/core/detail-levels.ts';
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
const blocks = Float32Array.from(
  [
    [0, 0, 10, 1, 0.05, 0.1, 0.2],
    [0, 0, 1000, 1, 0.05, 0.1, 0.2],
    [0, 0, -10, 1, 0.05, 0.1, 0.2],
    [100, 0, 10, 1, 0.05, 0.1, 0.2],
    [0, 0, 0, -Infinity, 0, 0, 0],
  ].flat(),
);
const slots = new Uint32Array(64);
const chooser = new SlotChooser(blocks);
const chosen = (most: number): number[] => Array.from(slots.subarray(0, chooser.choose(camera, most, slots)));

describe('slots of levels of detail', () => {
  it('are those of blocks in the picture, finer nearby', () => {
    const all = chosen(64);
    expect(all).toHaveLength(16 + 1);
    expect(all.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, slot) => slot));
    expect(all[16]).toBe(SLOTS_A_BLOCK + 20);
  });

  it('are as many as the budget allows, and never fewer than the coarsest', () => {
    expect(chosen(16)).toEqual([16, 17, 18, 19, SLOTS_A_BLOCK + 20]);
    expect(chosen(4)).toEqual([20, SLOTS_A_BLOCK + 20]);
    expect(chosen(1)).toEqual([20, SLOTS_A_BLOCK + 20]);
  });
});
