import { expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { readingFailed } from '../../../renderer/io/reading-failed.ts';

/** What the engine throws. */
function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

it('keeps a decoder to itself and says what to do', () => {
  const own = thrown(() => (undefined as unknown as { data: number }).data);
  const error = readingFailed('a.ply', own);
  expect(error.toRecord()).toEqual({
    code: 'invalid-file',
    message: 'a.ply is damaged or not what it claims to be: what it holds can not be decoded.',
    advice: 'Copy or export the file again.',
  });
  expect(error.cause).toBe(own);
});

it('takes a view beyond the bytes for damage, and an allocation that failed for memory', () => {
  const beyond = thrown(() => new Float32Array(new ArrayBuffer(8), 4, 200_000_000));
  expect(readingFailed('a.ksplat', beyond).code).toBe('invalid-file');
  expect(readingFailed('a.ply', new RangeError('Array buffer allocation failed')).code).toBe('out-of-memory');
});

it('leaves errors of its own as they are, and those of the file system are of reading', () => {
  const own = new SplatError('empty-scene', 'x');
  expect(readingFailed('a', own)).toBe(own);
  const error = Object.assign(new Error('EIO: i/o error, read'), { syscall: 'read' });
  expect(readingFailed('a.ply', error).code).toBe('io');
});
