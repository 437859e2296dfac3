import { expect, it } from 'vitest';
import { LossBlame } from '../../../../renderer/app/view/loss-blame.ts';

/** A frame of so many milliseconds, after which, or within which, the device goes away. */
function lostOver(blame: LossBlame, startMs: number, lengthMs: number, isUnderWay = false): boolean {
  blame.frameStarted(startMs);
  if (!isUnderWay) blame.frameEnded(startMs + lengthMs);
  return blame.lost(startMs + lengthMs);
}

it('takes what is shown for the cause at the second loss over a slow frame, and counts anew then', () => {
  const blame = new LossBlame();
  expect(lostOver(blame, 0, 3000)).toBe(false);
  expect(lostOver(blame, 10_000, 3000, true)).toBe(true);
  expect(lostOver(blame, 20_000, 3000)).toBe(false);
});

it('blames no scene for losses over quick frames, long after a frame, or before another scene was shown', () => {
  const blame = new LossBlame();
  for (let i = 0; i < 5; i++) expect(lostOver(blame, i * 1000, 50)).toBe(false);
  blame.frameStarted(10_000);
  blame.frameEnded(13_000);
  expect(blame.lost(15_000)).toBe(false);
  expect(lostOver(blame, 20_000, 3000)).toBe(false);
  blame.forget();
  expect(lostOver(blame, 30_000, 3000)).toBe(false);
});

it('blames nothing for a loss before the first frame', () => {
  expect(new LossBlame().lost(5000)).toBe(false);
});
