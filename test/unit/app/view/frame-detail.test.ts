import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameDetail } from '../../../../renderer/app/view/frame-detail.ts';
import { LevelKeeper } from '../../../../renderer/app/view/level-keeper.ts';
import type { Picture } from '../../../../renderer/app/view/picture.ts';
import type { DetailLevels } from '../../../../renderer/core/detail-levels.ts';
import { randomScene } from '../../io/fixtures.ts';

const scene = randomScene(21, 0);
const picture: Picture = { kind: 'scene', scene };
const levels: DetailLevels = { scene: randomScene(3, 0), blocks: new Float32Array(0) };
const detailOf = (): FrameDetail =>
  new FrameDetail(new LevelKeeper({ make: () => Promise.resolve(levels), onFailed: () => undefined }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the detail of frames', () => {
  it('is that of levels while the camera moves, and all of it at rest', async () => {
    const detail = detailOf();
    detail.show(picture, [], 10);
    expect(detail.next(picture, true)).toBeUndefined();
    expect(detail.isCoarse).toBe(false);
    await vi.runAllTimersAsync();
    expect(detail.next(picture, true)).toEqual({ levels, budget: 10 });
    expect(detail.isCoarse).toBe(true);
    expect(detail.next(picture, false)).toBeUndefined();
    expect(detail.isCoarse).toBe(false);
  });

  it('is always all of it for small scenes, without a device, and where two scenes are compared', async () => {
    const detail = detailOf();
    for (const budget of [11, Infinity]) {
      detail.show(picture, [], budget);
      await vi.runAllTimersAsync();
      expect(detail.next(picture, true)).toBeUndefined();
    }
    const view = { mode: 'split', direction: 'vertical', position: 0.5 } as const;
    const compared: Picture = { kind: 'compare', before: scene, after: scene, view };
    detail.show(compared, [scene], 10);
    await vi.runAllTimersAsync();
    expect(detail.next(compared, true)).toBeUndefined();
  });

  it('is all of it once the device had no room for levels', async () => {
    const detail = detailOf();
    detail.show(picture, [], 10);
    await vi.runAllTimersAsync();
    detail.refuse();
    expect(detail.next(picture, true)).toBeUndefined();
  });
});
