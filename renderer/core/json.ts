import type { z } from 'zod';
import type { SplatErrorCode } from './errors.ts';
import { SplatError } from './errors.ts';
import { problemsOf } from './schema-words.ts';

/** A file of JSON, for the words of what is wrong with it. */
export interface JsonFile {
  /** As a person knows it: a file's name, or what it is for. */
  readonly name: string;
  /** What it should be: `a camera path`. */
  readonly what: string;
  /** What to do about a file that is not as it should be. */
  readonly advice: string;
  /** `invalid-file` without one. */
  readonly code?: SplatErrorCode;
}

/** What is shorter takes little memory, however deep it goes. */
const SHORT_TEXT = 1e6;
/** No file that is read here goes as deep as a hundredth of it. */
const DEEPEST = 1000;
const MARKS = {
  quote: 0x22,
  backslash: 0x5c,
  opensList: 0x5b,
  closesList: 0x5d,
  opensObject: 0x7b,
  closesObject: 0x7d,
};

/** Every level takes 70 bytes of memory: forty million brackets took 2.8 GB before they were found to be no JSON. */
function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const mark = text.charCodeAt(i);
    if (mark === MARKS.quote) {
      for (i++; i < text.length && text.charCodeAt(i) !== MARKS.quote; i++)
        if (text.charCodeAt(i) === MARKS.backslash) i++;
    } else if (mark === MARKS.opensList || mark === MARKS.opensObject) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (mark === MARKS.closesList || mark === MARKS.closesObject) depth -= 1;
  }
  return false;
}

/** @throws SplatError with the file's code where `text` is not JSON, or a long one is nested too deeply */
export function parseJson({ name, advice, code = 'invalid-file' }: JsonFile, text: string): unknown {
  if (text.length > SHORT_TEXT && isNestedTooDeeply(text))
    throw new SplatError(code, `${name} is damaged: it is nested too deeply.`, advice);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = /\b(NaN|Infinity)\b/.test(text)
      ? 'it holds NaN or Infinity where JSON wants a number'
      : 'it is not JSON, or it is cut short';
    throw new SplatError(code, `${name} is damaged: ${reason}.`, advice, { cause: error });
  }
}

/** @throws SplatError with the file's code, naming the first places that do not fit the schema */
export function checkJson<T>(file: JsonFile, json: unknown, schema: z.ZodType<T>): T {
  const checked = checkValue(json, schema);
  if ('data' in checked) return checked.data;
  const { name, what, advice, code = 'invalid-file' } = file;
  throw new SplatError(code, `${name} is not ${what} that can be used: ${checked.problem}.`, advice);
}

/** Checks a value from outside: gives it as its schema does, or says in words what does not fit. */
export function checkValue<T>(
  value: unknown,
  schema: z.ZodType<T>,
): { readonly data: T } | { readonly problem: string } {
  try {
    const checked = schema.safeParse(value);
    return checked.success ? { data: checked.data } : { problem: problemsOf(checked.error, value) };
  } catch (error) {
    // The schema library goes as deep as the value does.
    if (!(error instanceof RangeError)) throw error;
    return { problem: 'it is nested too deeply' };
  }
}

/** Takes what is null out of the objects of parsed JSON, in place: programs write it for what they do not know. */
export function dropNulls(json: unknown): unknown {
  const open = [json];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    const holder = node as Record<string, unknown>;
    for (const [key, value] of Object.entries(holder)) {
      if (value === null && !Array.isArray(node)) delete holder[key];
      else if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return json;
}
