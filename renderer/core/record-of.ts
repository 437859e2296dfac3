import { z } from 'zod';

/**
 * The schema of an object from outside whose keys are not known. It stops at the first entry that does not fit, as
 * `listOf` does.
 */
export function recordOf<T extends z.ZodType>(key: z.ZodString, element: T) {
  return z.record(z.string(), z.unknown()).transform((entries, context): Record<string, z.output<T>> => {
    const checked: [string, z.output<T>][] = [];
    for (const [name, entry] of Object.entries(entries)) {
      const result = key.safeParse(name);
      const value = result.success ? element.safeParse(entry) : result;
      if (!value.success) {
        for (const issue of value.error.issues) context.addIssue({ ...issue, path: [name, ...issue.path] });
        return z.NEVER;
      }
      checked.push([name, value.data]);
    }
    return Object.fromEntries(checked);
  });
}
