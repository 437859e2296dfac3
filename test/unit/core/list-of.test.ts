import { expect, it } from 'vitest';
import { z } from 'zod';
import { listOf } from '../../../renderer/core/list-of.ts';

const list = listOf(z.strictObject({ a: z.number(), b: z.number() }), {
  min: 1,
  max: 400_000,
  tooFew: 'lists nothing',
});

it('takes what fits, its entries as their schema gives them', () => {
  expect(list.parse([{ a: 1, b: 2 }])).toEqual([{ a: 1, b: 2 }]);
  expect(listOf(z.number().transform(String)).parse([1, 2])).toEqual(['1', '2']);
});

it('names the place of the first entry that does not fit, and goes no further', () => {
  const result = z.object({ list }).safeParse({ list: [{ a: 1, b: 2 }, { a: 'x' }, {}, {}] });
  expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual(['list.1.a', 'list.1.b']);
});

it('counts its entries', () => {
  expect(list.safeParse([]).error?.issues[0].message).toBe('lists nothing');
  expect(listOf(z.unknown(), { max: 2 }).safeParse([1, 2, 3]).success).toBe(false);
  expect(list.safeParse('x').success).toBe(false);
});

it('keeps a handful of problems of a megabyte of bad entries', () => {
  const bad = Array.from({ length: 333_000 }, () => ({}));
  expect(list.safeParse(bad).error?.issues).toHaveLength(2);
});
