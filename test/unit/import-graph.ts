import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** One import of a source file: of another file of the project by its path, or of a package by its name. */
export interface Import {
  readonly target: string;
  readonly isTypeOnly: boolean;
}

/** The imports of each source file, by the file's path from the project's folder with forward slashes. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Reads the imports of all TypeScript files in these folders. */
export function readImports(folders: readonly string[]): ImportGraph {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
  );
  return new Map(files.map((file) => [file, importsOf(file)]));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^';]*?\sfrom\s+)?'([^']+)'/gm);
  const calls = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [
    ...[...statements].map(([, type, specifier]) => ({
      target: targetOf(file, specifier),
      isTypeOnly: type !== undefined,
    })),
    ...[...calls].map(([, specifier]) => ({ target: targetOf(file, specifier), isTypeOnly: false })),
  ];
}

function targetOf(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(dirname(file), specifier) : specifier;
}

/** The files of each import circle: its strongly connected components of more than one file, by Tarjan's algorithm. */
export function circles(graph: ImportGraph): string[][] {
  const found: string[][] = [];
  const indices = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): void => {
    const index = indices.size;
    indices.set(file, index);
    lowest.set(file, index);
    stack.push(file);
    for (const { target } of graph.get(file) ?? []) {
      if (!graph.has(target)) continue;
      if (!indices.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(target) ?? 0));
    }
    if (lowest.get(file) !== index) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1) found.push(component.sort());
  };
  for (const file of graph.keys()) if (!indices.has(file)) visit(file);
  return found;
}

/** The files and packages that `start` needs when it runs: imports of types alone bring nothing in. */
export function reachedByValue(graph: ImportGraph, start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  // A set goes on over what is added while it is walked.
  for (const file of reached)
    for (const { target, isTypeOnly } of graph.get(file) ?? []) if (!isTypeOnly) reached.add(target);
  return reached;
}

/**
 * The arrows between the rooms of a folder: pairs of rooms of which one imports the other. A room is a sub-folder with
 * the file of the same name beside it, or a file by itself. Sub-folders named in `open` are no rooms but hold rooms.
 */
export function arrows(graph: ImportGraph, folder: string, open: readonly string[] = []): string[] {
  const roomOf = (file: string): string => {
    const parent = [...open.map((name) => `${folder}/${name}`), folder].find((base) => file.startsWith(`${base}/`));
    const name = file.slice((parent ?? folder).length + 1).split('/')[0];
    return `${parent}/${name.replace(/\.ts$/, '')}`;
  };
  const inside = (file: string): boolean => file.startsWith(`${folder}/`);
  const pairs = [...graph]
    .filter(([file]) => inside(file))
    .flatMap(([file, imports]) =>
      imports
        .filter(({ target }) => inside(target) && graph.has(target))
        .map(({ target }) => [roomOf(file), roomOf(target)] as const),
    )
    .filter(([from, to]) => from !== to);
  return [...new Set(pairs.map(([from, to]) => `${from} -> ${to}`))].sort();
}
