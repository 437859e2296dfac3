import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameDetail } from '../../../../renderer/app/view/frame-detail.ts';
import { LevelKeeper } from '../../../../renderer/app/view/level-keeper.ts';
import type { Picture } from '../../../../renderer/app/view/picture.ts';
import { scenesOf } from '../../../../renderer/app/view/picture.ts';
import type { DetailLevels } from '../../../../renderer/core/detail-levels.ts';
import { randomScene } from '../../io/fixtures.ts';

const scene = randomScene(21, 0);
const picture: Picture = { kind: 'scene', scene };
const view = { mode: 'split', direction: 'vertical', position: 0.5 } as const;
const compared: Picture = { kind: 'compare', before: scene, after: scene, view };
const levels: DetailLevels = { scene: randomScene(3, 0), slots: new Float32Array(0), order: new Uint32Array(0) };
const ample = { moving: 10, reduced: 8, whole: 1000 };
const scarce = { moving: 4, reduced: 8, whole: 20 };
const onMade = vi.fn();
const detailOf = (): FrameDetail =>
  new FrameDetail(new LevelKeeper({ make: () => Promise.resolve(levels), onMade, onFailed: () => undefined }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the detail of frames', () => {
  it('is that of levels while the camera moves, and all of it at rest', async () => {
    const detail = detailOf();
    detail.show(picture, [], ample);
    expect(detail.next(true)).toEqual({ picture });
    expect(detail.isCoarse).toBe(false);
    await vi.runAllTimersAsync();
    expect(onMade).toHaveBeenCalledOnce();
    expect(detail.next(true)).toEqual({ picture, detail: { levels, of: scene, budget: 10, most: 10, fades: true } });
    expect(detail.isCoarse).toBe(true);
    expect(detail.next(false)).toEqual({ picture });
    expect(detail.isCoarse).toBe(false);
    expect(detail.isReduced).toBe(false);
    expect(detail.drawnFor([scene])).toEqual([scene]);
  });

  it('is always all of it for small scenes, without a device, and where two scenes are compared', async () => {
    const detail = detailOf();
    for (const budgets of [{ ...ample, moving: 11 }, undefined]) {
      detail.show(picture, [], budgets);
      await vi.runAllTimersAsync();
      expect(detail.next(true)).toEqual({ picture });
    }
    detail.show(compared, [scene], ample);
    await vi.runAllTimersAsync();
    expect(detail.next(true)).toEqual({ picture: compared });
  });

  it('is all of it once the device had no room for levels', async () => {
    const detail = detailOf();
    detail.show(picture, [], ample);
    await vi.runAllTimersAsync();
    detail.refuse();
    expect(detail.next(true)).toEqual({ picture });
  });

  it('is that of a sample, then of levels, at rest too, for scenes that are too large', async () => {
    const detail = detailOf();
    detail.show(picture, [], scarce);
    expect(detail.isReduced).toBe(true);
    const [sample] = scenesOf(detail.next(false).picture);
    expect(sample.count).toBe(7);
    expect(detail.drawnFor([scene, levels.scene])).toEqual([sample, levels.scene]);
    await vi.runAllTimersAsync();
    const drawn = { kind: 'scene', scene: levels.scene };
    expect(detail.next(false)).toEqual({
      picture: drawn,
      detail: { levels, of: scene, budget: 8, most: 8, fades: false },
    });
    expect(detail.isCoarse).toBe(false);
    expect(detail.next(true)).toEqual({
      picture: drawn,
      detail: { levels, of: scene, budget: 4, most: 8, fades: true },
    });
    expect(detail.isCoarse).toBe(true);
    detail.show(compared, [scene], scarce);
    expect(scenesOf(detail.next(false).picture)).toEqual([sample, sample]);
  });

  it('is that of a sketch while the camera moves before there are levels, where whole frames are slow', async () => {
    const detail = detailOf();
    detail.show(picture, [], { ...ample, sketch: 5 });
    expect(scenesOf(detail.next(true).picture)[0].count).toBe(5);
    expect(detail.isCoarse).toBe(true);
    expect(detail.next(true).isDraft).toBe(true);
    expect(detail.next(false)).toEqual({ picture });
    expect(detail.isCoarse).toBe(false);
    await vi.runAllTimersAsync();
    expect(detail.next(true).detail?.levels).toBe(levels);
  });

  it('is that of a draft for previews, at rest too, where whole frames are slow', () => {
    const detail = detailOf();
    const preview: Picture = { ...picture, isPreview: true };
    detail.show(preview, [], { ...ample, moving: 100, sketch: 5 });
    expect(detail.next(false)).toEqual({ picture: preview, isDraft: true });
    detail.show(preview, [], ample);
    expect(detail.next(true)).toEqual({ picture: preview, isDraft: false });
    expect(detail.isCoarse).toBe(false);
  });

  it('is all of a scene that is too large at once, after less of it, where a device has patience', async () => {
    const detail = detailOf();
    detail.show(picture, [], { ...scarce, patient: 21 });
    expect(detail.drawnFor([scene])).toEqual([expect.objectContaining({ count: 7 }), scene]);
    const first = detail.next(false);
    expect(first.isForNow).toBe(true);
    expect(scenesOf(first.picture)[0].count).toBe(7);
    expect(detail.next(false, true)).toEqual({ picture });
    await vi.runAllTimersAsync();
    expect(detail.next(true, true)).toMatchObject({ detail: { levels, budget: 4 } });
    expect(detail.next(true, true).isForNow).toBeUndefined();
    expect(detail.next(false)).toMatchObject({ detail: { levels, budget: 8 }, isForNow: true });
    // Comparisons, and what it could not draw, have no such frame.
    detail.show(compared, [scene], { ...scarce, patient: 21 });
    expect(detail.next(false, true).isForNow).toBeUndefined();
    detail.show(picture, [], { ...scarce, patient: 21 });
    detail.loseWhole(scene);
    expect(detail.next(false, true).detail?.levels).toBe(levels);
    expect(detail.drawnFor([scene])).toHaveLength(1);
  });

  it('is less for scenes that the device did not stand, where their number of splats may be why', () => {
    const detail = detailOf();
    detail.show(picture, [], ample);
    expect(detail.reduce()).toBe(true);
    expect(detail.isReduced).toBe(true);
    expect(detail.reduce()).toBe(false);
    const small: Picture = { kind: 'scene', scene: randomScene(8, 0) };
    detail.show(small, [], ample);
    expect(detail.isReduced).toBe(false);
    expect(detail.reduce()).toBe(false);
  });
});
