import { z } from 'zod';

export interface ListBounds {
  readonly min?: number;
  readonly max?: number;
  /** What is said of a list with fewer entries than `min`. */
  readonly tooFew?: string;
}

/**
 * The schema of a list from outside. It stops at the first entry that does not fit, where `z.array` goes on and keeps
 * each problem: a megabyte of bad entries would take more than a gigabyte of them.
 */
export function listOf<T extends z.ZodType>(element: T, { min, max, tooFew }: ListBounds = {}) {
  let list = z.array(z.unknown());
  if (min !== undefined) list = list.min(min, tooFew);
  if (max !== undefined) list = list.max(max);
  return list.transform((entries, context): z.output<T>[] => {
    const checked: z.output<T>[] = [];
    for (const [index, entry] of entries.entries()) {
      const result = element.safeParse(entry);
      if (!result.success) {
        for (const issue of result.error.issues) context.addIssue({ ...issue, path: [index, ...issue.path] });
        return z.NEVER;
      }
      checked.push(result.data);
    }
    return checked;
  });
}
