import type { z } from 'zod';
import { SplatError } from '../core/errors.ts';
import { invalid } from '../io/source.ts';

/** @throws SplatError `invalid-file` where `text` is not JSON */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = /\b(NaN|Infinity)\b/.test(text)
      ? 'it holds NaN or Infinity where JSON wants a number'
      : 'it is not JSON, or it is cut short';
    throw new SplatError('invalid-file', `${name} is damaged: ${reason}.`, 'Export the cameras again.', {
      cause: error,
    });
  }
}

/** @throws SplatError `invalid-file` naming the first place that does not fit */
export function checkJson<T>(name: string, json: unknown, schema: z.ZodType<T>): T {
  const checked = schema.safeParse(json);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw invalid(name, `${issue.path.join('.')}: ${issue.message}`);
}

/** JSON without what is null in its objects: programs write it for what they do not know. */
export function withoutNulls(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutNulls);
  if (typeof json !== 'object' || json === null) return json;
  const known = Object.entries(json).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([key, value]) => [key, withoutNulls(value)]));
}
