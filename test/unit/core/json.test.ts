import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { SplatError } from '../../../renderer/core/errors.ts';
import { checkJson, checkValue, dropNulls, parseJson } from '../../../renderer/core/json.ts';

const file = { name: 'a.json', what: 'a pair', advice: 'Write it again.' };

/** The error that something is expected to throw. */
function thrown(body: () => unknown): SplatError {
  try {
    body();
  } catch (error) {
    if (error instanceof SplatError) return error;
  }
  throw new Error('No SplatError was thrown.');
}

it('says that a file is no JSON, and keeps what the engine says to itself', () => {
  const error = thrown(() => parseJson(file, '{"a":'));
  expect(error.toRecord()).toEqual({
    code: 'invalid-file',
    message: 'a.json is damaged: it is not JSON, or it is cut short.',
    advice: 'Write it again.',
  });
  expect(error.cause).toBeInstanceOf(SyntaxError);
  expect(thrown(() => parseJson({ ...file, code: 'usage' }, '[NaN]')).sentence).toBe(
    'a.json is damaged: it holds NaN or Infinity where JSON wants a number. Write it again.',
  );
});

it('says what does not fit, and where', () => {
  const pair = z.tuple([z.number(), z.number()]);
  expect(checkJson(file, [1, 2], pair)).toEqual([1, 2]);
  expect(thrown(() => checkJson(file, parseJson(file, '[1, 1e999]'), pair)).message).toBe(
    'a.json is not a pair that can be used: 1 is not finite.',
  );
});

it('tells of a value that is nested too deeply for the schema library', () => {
  const nested: z.ZodType = z.lazy(() => z.strictObject({ a: nested.optional() }));
  let deep = {};
  for (let i = 0; i < 200_000; i++) deep = { a: deep };
  expect(checkValue(deep, nested)).toEqual({ problem: 'it is nested too deeply' });
  expect(checkValue({ a: {} }, nested)).toEqual({ data: { a: {} } });
});

it('takes nulls out of objects at any depth, and leaves those of lists', () => {
  const deep = JSON.parse('{"a":'.repeat(50_000) + 'null' + '}'.repeat(50_000)) as unknown;
  expect(() => dropNulls(deep)).not.toThrow();
  expect(dropNulls({ a: null, b: [{ c: null, d: 1 }, null] })).toEqual({ b: [{ d: 1 }, null] });
});

it('refuses a long text that is nested too deeply before it is parsed, whatever its strings hold', () => {
  const parse = vi.spyOn(JSON, 'parse');
  expect(thrown(() => parseJson(file, '['.repeat(4e7))).message).toBe('a.json is damaged: it is nested too deeply.');
  expect(thrown(() => parseJson(file, '{"a":'.repeat(4e5))).message).toContain('nested too deeply');
  expect(parse).not.toHaveBeenCalled();
  const marks = [`${'[{'.repeat(1e6)}\\"[`, ...Array<object>(1000).fill([{}])];
  expect(parseJson(file, JSON.stringify(marks))).toEqual(marks);
  parse.mockRestore();
});
