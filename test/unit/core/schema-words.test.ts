import { expect, it } from 'vitest';
import { z } from 'zod';
import { problemsOf } from '../../../renderer/core/schema-words.ts';

/** What is said of a value that does not fit. */
function said(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value);
  return error === undefined ? 'fits' : problemsOf(error, value);
}

const number = z.object({ a: z.object({ b: z.number().positive().max(9) }) });

it.each([
  [number, {}, 'a is missing'],
  [number, { a: { b: 'x' } }, 'a.b is a text where a number belongs'],
  [number, { a: { b: Infinity } }, 'a.b is not finite'],
  [number, { a: { b: NaN } }, 'a.b is not finite'],
  [number, { a: { b: 0 } }, 'a.b must be above 0'],
  [number, { a: { b: 10 } }, 'a.b must be at most 9'],
  [number, null, 'it is null where an object belongs'],
  [z.int(), 1.5, 'it is a number where a whole number belongs'],
  [z.array(z.int()).length(3), [1], 'it has 1 entries, and must have at least 3'],
  [z.tuple([z.int(), z.int()]), [1, 2, 3], 'it has 3 entries, and must have at most 2'],
  [z.string().max(3), 'long', 'it must have at most 3 letters'],
  [z.enum(['a', 'b']), 'c', 'it must be one of "a", "b"'],
  [z.literal(1), 2, 'it must be 1'],
  [z.strictObject({}), { x: 1, y: 2 }, 'it holds "x", "y", which does not belong there'],
  [z.union([z.number(), z.string()]), null, 'it has none of the forms that are known'],
  [z.uuid(), 'x', 'it has not the form that is needed there'],
  [z.string().regex(/a/, 'is no a'), 'x', 'it is no a'],
  [z.number().refine((value) => value > 1, 'must be large'), 0, 'it must be large'],
  [z.record(z.string().max(1), z.int()), { ab: 1 }, 'ab does not belong there'],
])('%#: %o', (schema, value, words) => {
  expect(said(schema, value)).toBe(words);
});

it('tells the first problems alone, and a few of many keys', () => {
  const five = z.object({ a: z.int(), b: z.int(), c: z.int(), d: z.int(), e: z.int() });
  expect(said(five, {})).toBe('a is missing; b is missing; c is missing; and 2 more');
  const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, k) => [`key ${k}`, k]));
  expect(said(z.strictObject({}), keys)).toMatch(/^it holds "key 0",.* and 99992 more, which does not belong there$/);
});
