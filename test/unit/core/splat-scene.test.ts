import { expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { randomScene } from '../io/fixtures.ts';

it('says how much memory a scene needs in one piece where that is not there', () => {
  let failure: unknown;
  try {
    // No engine has an array of 2 ** 51 numbers.
    createScene(2 ** 50, 3, randomScene(1, 0).meta);
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(SplatError);
  expect((failure as SplatError).toRecord()).toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(/splats of SH degree 3 need .* TB of memory in one piece/) as string,
  });
});
