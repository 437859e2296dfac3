// Which suites and files `npm test -- FILE...` means.
import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { ROOT, SetUpError } from '../setup/process.mjs';

/**
 * Each suite with the paths to run of it, relative to the root; all suites, whole, where none is named.
 * @param names files or folders, relative to the folder that the command was given in
 */
export function selectSuites(suites, names, folder = process.env.INIT_CWD ?? process.cwd()) {
  if (names.length === 0) return suites.map((suite) => ({ suite, paths: [] }));
  const selected = new Map();
  for (const name of names) {
    const full = resolve(folder, name);
    if (!existsSync(full)) throw new SetUpError(`There is no test file or folder ${name}.`);
    const path = relative(ROOT, full).split(sep).join('/');
    const suite = suites.find((candidate) => path === candidate.folder || path.startsWith(`${candidate.folder}/`));
    if (suite === undefined) {
      const folders = suites.map((candidate) => candidate.folder).join(', ');
      throw new SetUpError(`${name} is in none of the folders that hold tests: ${folders}.`);
    }
    selected.set(suite, [...(selected.get(suite) ?? []), path]);
  }
  return suites.filter((suite) => selected.has(suite)).map((suite) => ({ suite, paths: selected.get(suite) }));
}
