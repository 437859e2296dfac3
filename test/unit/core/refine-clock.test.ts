import { describe, expect, it } from 'vitest';
import { paceOf, RefineClock } from '../../../renderer/core/refine-clock.ts';
import type { FileStage } from '../../../renderer/core/stages.ts';

/** 10 s of views, 20 s of network, 10 s of checks for 1,000 splats. */
const pace = { sight: 10, network: 20, check: 10 };

function after(clock: RefineClock, reports: readonly (readonly [FileStage, number, number])[]): RefineClock {
  for (const [stage, fraction, nowMs] of reports) clock.heard({ stage, fraction }, nowMs);
  return clock;
}

describe('with an earlier refinement', () => {
  it('knows the time that is left from the beginning, and moves on within a pass of the network', () => {
    const clock = new RefineClock(1000, pace, 0);
    expect(clock.at(0)).toEqual({ fraction: 0, remainingSeconds: 40 });
    after(clock, [
      ['sight', 1, 10_000],
      ['plan', 0, 10_000],
      ['network', 0, 10_500],
    ]);
    const times = [10_000, 15_000, 20_000, 25_000].map((ms) => clock.at(ms));
    expect(times.map(({ remainingSeconds }) => Math.round(remainingSeconds ?? NaN))).toEqual([30, 25, 20, 15]);
    expect(times.map(({ fraction }) => fraction)).toEqual([0.25, 0.375, 0.5, 0.625]);
  });

  it('goes on ever more slowly where the estimate was short, and never says that nothing is left', () => {
    const clock = after(new RefineClock(1000, pace, 0), [['network', 0, 10_000]]);
    const times = [30_000, 45_000, 60_000, 200_000].map((ms) => clock.at(ms));
    for (const [i, { fraction, remainingSeconds }] of times.entries()) {
      expect(fraction).toBeLessThan(0.75);
      expect(fraction).toBeGreaterThanOrEqual(times[i - 1]?.fraction ?? 0.6);
      expect(remainingSeconds).toBeGreaterThanOrEqual(10);
    }
  });

  it('believes the speed of this one the more of it is done', () => {
    // Twice as slow as the last time.
    const clock = after(new RefineClock(1000, pace, 0), [['reconcile', 0.5, 10_000]]);
    const later = after(new RefineClock(1000, pace, 0), [
      ['check', 0, 0],
      ['reconcile', 0.5, 12_000],
    ]);
    expect(later.at(12_000).remainingSeconds).toBeGreaterThan(5);
    expect(clock.at(10_000).fraction).toBeGreaterThan(0.75);
  });

  it('never runs backwards', () => {
    const clock = new RefineClock(1000, pace, 0);
    const fractions = Array.from({ length: 100 }, (_, i) => {
      if (i === 50) after(clock, [['plan', 0.25, 50_000]]);
      if (i === 60) after(clock, [['sight', 0.1, 60_000]]);
      if (i === 80) after(clock, [['finish', 1, 80_000]]);
      return clock.at(1000 * i).fraction;
    });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });
});

describe('the first time', () => {
  it('tells no time before there is something to tell it by', () => {
    const clock = after(new RefineClock(1000, undefined, 0), [['sight', 1, 5000]]);
    expect(clock.at(5000).remainingSeconds).toBeUndefined();
    expect(clock.at(5000).fraction).toBeCloseTo(0.2, 5);
    after(clock, [
      ['network', 0, 5000],
      ['network', 0.5, 15_000],
    ]);
    // 15 s were 40 % of the whole; the network's other half takes 10 s like the first.
    expect(clock.at(15_000).remainingSeconds).toBeCloseTo(10 + 15, 5);
  });

  it('moves on within the first pass of the network, and tells the time by what the views took', () => {
    const clock = after(new RefineClock(1000, undefined, 0), [
      ['sight', 1, 10_000],
      ['network', 0, 10_000],
    ]);
    // 10 s were 20 % of the whole, of which the network takes 20 s.
    const times = [10_000, 15_000, 20_000, 60_000].map((ms) => clock.at(ms));
    expect(times[0]?.fraction).toBeCloseTo(0.2, 5);
    expect(times[1]?.fraction).toBeCloseTo(0.3, 5);
    expect(times[2]?.fraction).toBeCloseTo(0.4, 5);
    expect(times[3]?.fraction).toBeLessThan(0.6);
    expect(times[0]?.remainingSeconds).toBeCloseTo(40, 5);
    expect(times[2]?.remainingSeconds).toBeCloseTo(30, 5);
  });
});

it('keeps what a refinement took for each splat', () => {
  const milliseconds = { sight: 1000, load: 100, plan: 200, network: 1700, check: 900, finish: 100 };
  expect(paceOf(milliseconds, 1000)).toEqual({ sight: 1, network: 2, check: 1 });
});
