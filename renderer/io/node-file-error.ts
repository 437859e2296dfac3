import { SplatError } from '../core/errors.ts';

/** What the file system says by its codes, in words of people and with advice. */
const KNOWN: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  ENOENT: ['it is not there', 'Check the name, or open it again from its new place.'],
  EEXIST: ['a file of that name is there', 'Choose another name.'],
  ENOTDIR: ['a part of its path is no folder', 'Check the name, or open it again from its new place.'],
  ENAMETOOLONG: ['its name is too long', 'Choose a shorter one.'],
  ELOOP: ['links on its path lead in a circle', 'Open it by its own path.'],
  EACCES: ['you have no permission', 'Change its permissions or choose another folder.'],
  EPERM: ['you have no permission', 'Change its permissions or choose another folder.'],
  ENXIO: ['it is not a file but a device or a pipe', 'Choose a file.'],
  EISDIR: ['it is a folder', 'Choose a file.'],
  ENOSPC: ['the disk is full', 'Free some space and try again.'],
  EDQUOT: ['your share of the disk is full', 'Free some space and try again.'],
  EROFS: ['the disk is read-only', 'Choose another folder.'],
  EIO: ['the disk fails', 'Check the disk and its cable, and save your work elsewhere.'],
  EBUSY: ['another program uses it', 'Close that program and try again.'],
  EMFILE: ['too many files are open', 'Close other programs and try again.'],
  ENFILE: ['too many files are open', 'Close other programs and try again.'],
};
/** What is to be written need not be there: its folder must. */
const FOLDER_GONE = ['its folder is gone', 'Bring the folder back, or choose another.'] as const;
const ADVICE = 'Check that it is still there, and try again.';

/** Turns what the file system says into a sentence about `name`; a named error stays as it is. */
export function fileError(error: unknown, action: string, name: string): SplatError {
  if (error instanceof SplatError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const reasonOfSystem = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT' && (action === 'saved' || action === 'written'))
    return new SplatError('io', `${name} could not be ${action}: ${FOLDER_GONE[0]}.`, FOLDER_GONE[1], { cause: error });
  const [reason, advice] = Object.hasOwn(KNOWN, code) ? KNOWN[code] : [reasonOfSystem, ADVICE];
  return new SplatError('io', `${name} could not be ${action}: ${reason}.`, advice, { cause: error });
}
