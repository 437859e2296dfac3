import { describe, expect, test } from 'vitest';
import { FrameClock } from '../../../../renderer/app/view/frame-clock.ts';

describe('FrameClock', () => {
  test('has no rate until three frames came in a row', () => {
    const clock = new FrameClock();
    clock.add(0, true);
    clock.add(50, false);
    expect(clock.framesPerSecond).toBeUndefined();
    clock.add(100, false);
    expect(clock.framesPerSecond).toBeCloseTo(20);
  });

  test('starts anew after a pause', () => {
    const clock = new FrameClock();
    [0, 50, 100].forEach((time) => clock.add(time, false));
    clock.add(10_000, false);
    expect(clock.framesPerSecond).toBeUndefined();
  });
});
