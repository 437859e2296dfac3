import { SplatError } from '../core/errors.ts';

/** Turns what the file system says (Node only) into a sentence about `name`; a named error stays as it is. */
export function fileError(error: unknown, action: string, name: string): SplatError {
  if (error instanceof SplatError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const known: Record<string, [string, string]> = {
    ENOENT: ['it is not there', 'Check the name, or open it again from its new place.'],
    EACCES: ['you have no permission', 'Change its permissions or choose another folder.'],
    EPERM: ['you have no permission', 'Change its permissions or choose another folder.'],
    EISDIR: ['it is a folder', 'Choose a file.'],
    ENOSPC: ['the disk is full', 'Free some space and try again.'],
    EROFS: ['the disk is read-only', 'Choose another folder.'],
  };
  const [reason, advice] = known[code ?? ''] ?? [error instanceof Error ? error.message : String(error), undefined];
  return new SplatError('io', `${name} could not be ${action}: ${reason}.`, advice, { cause: error });
}
