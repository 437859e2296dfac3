import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LevelKeeper } from '../../../../renderer/app/view/level-keeper.ts';
import type { DetailLevels } from '../../../../renderer/core/detail-levels.ts';
import type { JobOptions } from '../../../../renderer/core/progress.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { randomScene } from '../../io/fixtures.ts';

const [first, second] = [randomScene(2, 0), randomScene(3, 0)];
const levels = (scene: SplatScene): DetailLevels => ({ scene, slots: new Float32Array(0), order: new Uint32Array(0) });
const made = vi.fn((scene: SplatScene, _: JobOptions) => Promise.resolve(levels(scene)));
const [onMade, onFailed] = [vi.fn(), vi.fn()];
const keeper = (): LevelKeeper => new LevelKeeper({ make: made, onMade, onFailed });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe('the keeper of levels of detail', () => {
  it('has none made of scenes that soon give way to others', async () => {
    const kept = keeper();
    kept.want(first, []);
    await vi.advanceTimersByTimeAsync(500);
    kept.want(second, []);
    await vi.advanceTimersByTimeAsync(900);
    expect(made).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(made.mock.calls.map(([scene]) => scene)).toEqual([second]);
    expect(kept.of(second)?.scene).toBe(second);
    expect(kept.of(first)).toBeUndefined();
    expect(onMade).toHaveBeenCalledOnce();
  });

  it('keeps those of scenes that may come back, and no others', async () => {
    const kept = keeper();
    kept.want(first, [first, second]);
    await vi.runAllTimersAsync();
    kept.want(second, [first, second]);
    await vi.runAllTimersAsync();
    kept.want(first, [first]);
    await vi.runAllTimersAsync();
    expect(made).toHaveBeenCalledTimes(2);
    expect(kept.of(first)).toBeDefined();
    expect(kept.of(second)).toBeUndefined();
    kept.want(undefined, []);
    expect(kept.of(first)).toBeUndefined();
  });

  it('ends the work on a scene that is gone, and says nothing of it', async () => {
    const kept = keeper();
    made.mockImplementationOnce(
      (_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(Error('')))),
    );
    kept.want(first, []);
    await vi.advanceTimersByTimeAsync(1000);
    kept.want(undefined, []);
    await vi.runAllTimersAsync();
    expect(made.mock.calls[0][1].signal?.aborted).toBe(true);
    expect([onMade.mock.calls, onFailed.mock.calls]).toEqual([[], []]);
  });

  it('tells why there are none, and makes none again of a scene that the device has no room for', async () => {
    const kept = keeper();
    const error = new Error('no memory');
    made.mockImplementationOnce(() => Promise.reject(error));
    kept.want(first, []);
    await vi.runAllTimersAsync();
    expect(onFailed).toHaveBeenCalledWith(error);
    kept.want(second, []);
    await vi.runAllTimersAsync();
    kept.refuse();
    kept.want(second, []);
    await vi.runAllTimersAsync();
    expect(kept.of(second)).toBeUndefined();
    expect(made).toHaveBeenCalledTimes(2);
  });
});
