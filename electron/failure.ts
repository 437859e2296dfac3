import { SplatError, type ErrorRecord } from '../renderer/core/errors.ts';
import type { Answer } from '../renderer/bridge/answer.ts';

/** Anything thrown, as the plain record that crosses to the page. */
export function toFailure(error: unknown): ErrorRecord {
  if (error instanceof SplatError) return error.toRecord();
  return { code: 'io', message: error instanceof Error ? error.message : String(error) };
}

/** Runs `body` and answers with its value or its failure. */
export async function answerOf<T>(body: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await body() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

/** A file system error as a sentence about `name`. */
export function fileError(error: unknown, action: string, name: string): SplatError {
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
