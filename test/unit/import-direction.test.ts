import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** What each part may import of the project beside itself; core stands below all. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  io: ['core'],
  refine: ['core', 'io'],
  gpu: ['core'],
  camera: ['core'],
  workers: ['core', 'io', 'refine'],
  app: ['core', 'io', 'refine', 'gpu', 'camera', 'workers'],
  electron: ['core'],
};

/** Node-side hosts of the processing code, and the data that page and desktop share. */
const EXCEPTIONS: readonly (readonly [file: RegExp, imports: RegExp])[] = [
  [/^electron\/cli/, /^renderer\/(io|refine)\//],
  [/^electron\/inference-process\.ts$/, /^renderer\/refine\//],
  [/^electron\/menu\.ts$/, /^renderer\/app\/commands\.ts$/],
];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isType: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name).split(sep).join('/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'/gm)].map(([, type, target]) => ({ file, target: target as string, isType: type !== undefined }));
}

function partOf(path: string): string {
  const [top, second] = path.split('/') as [string, string];
  return top === 'renderer' ? second : top;
}

const all = [...sources('renderer'), ...sources('electron')].flatMap(importsOf);

test('the parts import each other in one direction only', () => {
  const wrong = all
    .filter(({ target }) => target.startsWith('.'))
    .map((entry) => ({ ...entry, path: relative(ROOT, resolve(ROOT, dirname(entry.file), entry.target)).split(sep).join('/') }))
    .filter(({ file, path, isType }) => {
      const [from, to] = [partOf(file), partOf(path)];
      // Types weigh nothing: the page's bridge to the desktop is shared as types.
      const typesOnly = isType && (from === 'electron' || to === 'electron');
      const allowed = from === to || to === 'shaders' || (MAY_IMPORT[from] ?? []).includes(to) || typesOnly;
      return !allowed && !EXCEPTIONS.some(([files, imports]) => files.test(file) && imports.test(path));
    })
    .map(({ file, path }) => `${file} imports ${path}`);
  expect(all.length).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});

test('three is imported by the camera alone, and core imports no platform', () => {
  const foreign = all.filter(({ target }) => !target.startsWith('.'));
  expect(foreign.filter(({ file, target }) => /^three(\/|$)/.test(target) && partOf(file) !== 'camera').map(({ file }) => file)).toEqual([]);
  expect(foreign.filter(({ file, target }) => partOf(file) === 'core' && target !== 'zod').map(({ file, target }) => `${file}: ${target}`)).toEqual([]);
});
