import { expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';

it('says in one line, of a thousand letters at most, what names of a damaged file make of it', () => {
  expect(new SplatError('invalid-file', 'scene.ply\n\tends\u0000early').message).toBe('scene.ply ends early');
  const { message } = new SplatError('invalid-file', `${'a'.repeat(900)}${'b'.repeat(900)}`);
  expect(message).toBe(`${'a'.repeat(499)}…${'b'.repeat(500)}`);
});
