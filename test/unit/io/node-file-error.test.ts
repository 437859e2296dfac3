import { expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { fileError } from '../../../renderer/io/node-file-error.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: a word of the system, write`), { code });
}

it.each([
  ['ENOSPC', 'a.ply could not be written: the disk is full.', 'Free some space and try again.'],
  ['EROFS', 'a.ply could not be written: the disk is read-only.', 'Choose another folder.'],
  ['EACCES', 'a.ply could not be written: you have no permission.', 'Change its permissions or choose another folder.'],
])('%s is said in words of people', (code, message, advice) => {
  const cause = systemError(code);
  expect(fileError(cause, 'written', 'a.ply')).toMatchObject({ code: 'io', message, advice, cause });
});

it('what is unknown keeps its words, and what has a name stays', () => {
  expect(fileError(systemError('EXDEV'), 'read', 'a.ply')).toMatchObject({
    message: 'a.ply could not be read: EXDEV: a word of the system, write.',
    advice: 'Check that it is still there, and try again.',
  });
  const named = new SplatError('exists', 'It is there already.');
  expect(fileError(named, 'written', 'a.ply')).toBe(named);
});
