import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Problems of one value that are told; more would hardly be read. */
const MOST_TOLD = 3;
/** Values that a problem lists. */
const MOST_LISTED = 8;

/**
 * What keeps a value from fitting a schema, in words: `frames.3.fl_x must be above 0; w is missing`. The first few
 * problems alone are told.
 * @param value what was checked: the schema library does not keep it
 */
export function problemsOf({ issues }: z.core.$ZodError, value: unknown): string {
  const told = issues.slice(0, MOST_TOLD).map((issue) => problemOf(issue, value));
  const more = issues.length - told.length;
  return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function problemOf(issue: Issue, value: unknown): string {
  const place = issue.path.length === 0 ? 'it' : issue.path.map(String).join('.');
  return `${place} ${wordsOf(issue, valueAt(value, issue.path))}`;
}

function wordsOf(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected, found);
    case 'too_small':
      return sizeWords(issue, issue.minimum, issue.inclusive === false ? 'above' : 'at least', found);
    case 'too_big':
      return sizeWords(issue, issue.maximum, issue.inclusive === false ? 'below' : 'at most', found);
    case 'invalid_value':
      return found === undefined ? 'is missing' : `must be ${oneOf(issue.values.map(quoted))}`;
    case 'unrecognized_keys':
      return `holds ${listed(issue.keys.map(quoted))}, which does not belong there`;
    case 'invalid_union':
      return found === undefined ? 'is missing' : 'has none of the forms that are known';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      // A schema's own words say more than the name of a form.
      return /^Invalid /.test(issue.message) ? 'has not the form that is needed there' : issue.message;
    case 'custom':
      return issue.message;
    case 'invalid_key':
    case 'invalid_element':
      return 'does not belong there';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

function typeWords(expected: string, found: unknown): string {
  if (found === undefined) return 'is missing';
  if (typeof found === 'number' && !Number.isFinite(found)) return 'is not finite';
  const wanted = KINDS[expected] ?? 'something else';
  return `is ${kindOf(found)} where ${wanted} belongs`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? 'something else';
}

/** `origin` names what is counted; numbers are compared themselves. */
function sizeWords(
  { origin, message }: { readonly origin: string; readonly message: string },
  limit: number | bigint,
  relation: string,
  found: unknown,
): string {
  if (!/^Too (small|big)/.test(message)) return message;
  if (origin === 'string') return `must have ${relation} ${limit} letters`;
  if (Array.isArray(found)) return `has ${found.length} entries, and must have ${relation} ${limit}`;
  return `must be ${relation} ${limit}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values[0] : `one of ${listed(values)}`;
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, MOST_LISTED).join(', ');
  return values.length > MOST_LISTED ? `${shown} and ${values.length - MOST_LISTED} more` : shown;
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 40)}"` : String(value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Readonly<Record<PropertyKey, unknown>>)[key] : undefined,
    value,
  );
}
