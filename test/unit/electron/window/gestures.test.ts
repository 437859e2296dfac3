import { expect, test } from 'vitest';
import { Gestures } from '../../../../electron/window/gestures.ts';

test('a click opens one thing, at once or not at all', () => {
  let nowMs = 5000;
  const gestures = new Gestures(() => nowMs);
  expect(gestures.take()).toBe(false);
  for (const type of ['mouseMove', 'mouseWheel', 'mouseEnter']) gestures.note(type);
  expect(gestures.take()).toBe(false);
  gestures.note('mouseUp');
  nowMs += 900;
  expect([gestures.take(), gestures.take()]).toEqual([true, false]);
  gestures.note('rawKeyDown');
  nowMs += 1100;
  expect(gestures.take()).toBe(false);
});
