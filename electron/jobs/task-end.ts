import type { FileTable } from '../files/files.ts';

/** A disk that does not answer must not keep the process from its end. */
const LONGEST_WAIT_MS = 5000;

export interface TaskEndParts {
  readonly files: Pick<FileTable, 'abandonAllSaves'>;
  /** Says why the task failed. */
  readonly complain: (sentence: string) => void;
  readonly exit: (code: number) => void;
  readonly longestWaitMs?: number;
}

/**
 * The end of a task, whatever ends it: one sentence where it failed, nothing half-written left, the exit code. Only the
 * first end counts: a page that still writes then complains of files that were taken from it.
 */
export function taskEnd({
  files,
  complain,
  exit,
  longestWaitMs = LONGEST_WAIT_MS,
}: TaskEndParts): (code: number, sentence?: string) => Promise<void> {
  let isEnding = false;
  return async (code, sentence) => {
    if (isEnding) return;
    isEnding = true;
    if (sentence !== undefined) complain(sentence);
    const waited = new Promise<void>((settle) => setTimeout(settle, longestWaitMs));
    await Promise.race([files.abandonAllSaves(), waited]);
    exit(code);
  };
}
