import { expect, test } from 'vitest';
import { ProblemFilter } from '../../../../renderer/app/view/problem-filter.ts';

function filterAt(): { readonly filter: ProblemFilter; readonly clock: { ms: number } } {
  const clock = { ms: 0 };
  return { filter: new ProblemFilter(() => clock.ms), clock };
}

test('what every frame reports is told once, and again after it was quiet', () => {
  const { filter, clock } = filterAt();
  const told: number[] = [];
  for (; clock.ms <= 10_000; clock.ms += 1000) if (filter.isNews('gpu-error')) told.push(clock.ms);
  expect(told).toEqual([0]);
  clock.ms += 3000;
  expect(filter.isNews('gpu-error')).toBe(true);
});

test('problems of different kinds are told, but not what follows from want of memory', () => {
  const { filter, clock } = filterAt();
  expect(filter.isNews('gpu-error')).toBe(true);
  expect(filter.isNews('out-of-memory')).toBe(true);
  clock.ms += 2000;
  expect(filter.isNews('gpu-error')).toBe(false);
  expect(filter.isNews('gpu-lost')).toBe(true);
  clock.ms += 3000;
  expect(filter.isNews('gpu-error')).toBe(true);
});
