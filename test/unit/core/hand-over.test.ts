import { expect, it } from 'vitest';
import { handOver } from '../../../renderer/core/hand-over.ts';

it('says in words of people that a copy does not fit, and leaves every other error as it is', () => {
  const cause = new DOMException('Data cannot be cloned, out of memory.', 'DataCloneError');
  const fail = (error: Error) => () =>
    handOver('Refining', () => {
      throw error;
    });
  expect(fail(cause)).toThrow(expect.objectContaining({ code: 'out-of-memory', cause }));
  expect(fail(cause)).toThrow(/^Refining failed: it works on a copy of the scene, which is larger than the 2 GB/);
  const other = new TypeError('Something else.');
  expect(fail(other)).toThrow(other);
});
