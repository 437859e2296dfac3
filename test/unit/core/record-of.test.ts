import { expect, it } from 'vitest';
import { z } from 'zod';
import { recordOf } from '../../../renderer/core/record-of.ts';

const record = recordOf(z.string().max(8), z.number());

it('takes what fits, its entries as their schema gives them', () => {
  expect(record.parse({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  expect(recordOf(z.string(), z.number().transform(String)).parse({ a: 1 })).toEqual({ a: '1' });
  expect(record.safeParse([1]).success).toBe(false);
});

it('names the first key or value that does not fit, and goes no further', () => {
  const problems = (value: unknown) =>
    z
      .object({ record })
      .safeParse({ record: value })
      .error?.issues.map(({ path, code }) => [path.join('.'), code]);
  expect(problems({ a: 1, b: 'x', c: 'x' })).toEqual([['record.b', 'invalid_type']]);
  expect(problems({ a: 1, 'far too long': 2 })).toEqual([['record.far too long', 'too_big']]);
});

it('keeps a handful of problems of a megabyte of bad entries, and no other prototype', () => {
  const bad = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [String(i), 'x']));
  expect(record.safeParse(bad).error?.issues).toHaveLength(1);
  const own = record.parse(JSON.parse('{"__proto__": 3}'));
  expect(Object.getPrototypeOf(own)).toBe(Object.prototype);
});
