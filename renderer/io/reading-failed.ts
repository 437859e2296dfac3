import { SplatError } from '../core/errors.ts';
import { fileError } from './node-file-error.ts';
import { invalid } from './source.ts';

/**
 * What a person is told when reading a file ended in an error that is not the project's own: memory that is not there,
 * the file system's, and a decoder's on damaged bytes. A decoder's words mean nothing to people, so they stay in the
 * error's `cause` alone.
 */
export function readingFailed(name: string, error: unknown): SplatError {
  if (error instanceof SplatError) return error;
  const options = { cause: error };
  if (error instanceof RangeError && /allocation failed/i.test(error.message))
    return new SplatError(
      'out-of-memory',
      `${name} needs more memory than there is.`,
      'Close other programs, or open a smaller scene.',
      options,
    );
  if (error instanceof Error && 'syscall' in error) return fileError(error, 'read', name);
  return invalid(name, 'what it holds can not be decoded', options);
}
