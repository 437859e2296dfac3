import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['test', 'models/training/tests'];

/** Relative paths in quotes that lead out of the checkout, and names of a folder beside it. */
function waysOut(file: string, text: string): string[] {
  const relativePaths = [...text.matchAll(/["'`]((?:\.\.\/)*\.\.(?:\/[^"'`$]*)?)["'`$]/g)].map((match) => match[1]);
  const isOutside = (path: string): boolean =>
    [dirname(file), ROOT].every((from) => relative(ROOT, resolve(from, path)).startsWith('..'));
  const named = [...text.matchAll(/["'`/]shared["'`/]/gi)].map((match) => match[0]);
  return [...relativePaths.filter(isOutside), ...named];
}

describe('a clone that stands alone is enough', () => {
  it('no test names a file outside of it', () => {
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|mjs|py)$/.test(name))
        .map((name) => join(ROOT, folder, name)),
    ).filter((file) => file !== import.meta.filename);
    const wrong = files.flatMap((file) =>
      waysOut(file, readFileSync(file, 'utf8')).map((path) => `${relative(ROOT, file)}: ${path}`),
    );
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
  });

  it('this check knows a way out when it sees one', () => {
    const file = join(ROOT, 'test/unit/io/x.test.ts');
    expect(waysOut(file, "new URL('../../../../beside/a.ply')")).toHaveLength(1);
    expect(waysOut(file, "join(ROOT, '../shared', name)")).not.toEqual([]);
    expect(waysOut(file, 'MODELS.parent.parent / "shared"')).toHaveLength(1);
    expect(waysOut(file, "import x from '../../../renderer/x.ts'; join(ROOT, 'test/data')")).toEqual([]);
  });
});
