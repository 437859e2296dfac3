import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const LIMIT = 120;

const SOURCE = /\.(ts|js|mjs|css|html|json|wgsl|py|hpp|cpp|yml|toml)$/;
/** What npm writes, descriptions of models with their sentences and addresses, and scenes by other programs. */
const LEFT_OUT = /^(package-lock\.json|models\/[^/]+\.json|test\/data\/.*)$/;
/** What is made, fetched or installed; see .gitignore. */
const NOT_OURS = new Set(['node_modules', 'dist', 'out', 'test-results', '__pycache__']);

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sources(path);
      return entry.isFile() && SOURCE.test(path) && !LEFT_OUT.test(path) ? [path] : [];
    });
}

/** Numbers of the lines with more than LIMIT characters. */
function longLines(text: string): number[] {
  return text.split(/\r?\n/).flatMap((line, i) => ([...line].length > LIMIT ? [i + 1] : []));
}

it('no line of source has more than 120 characters', () => {
  const files = sources('');
  const long = files.flatMap((path) =>
    longLines(readFileSync(join(ROOT, path), 'utf8')).map((number) => `${path}:${number}`),
  );
  expect(long).toEqual([]);
  expect(files.length).toBeGreaterThan(500);
});

it('this check knows a long line when it sees one', () => {
  const fits = 'é'.repeat(LIMIT);
  expect(longLines(`${fits}\n${fits}x\r\n${fits}`)).toEqual([2]);
});
