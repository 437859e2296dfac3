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
