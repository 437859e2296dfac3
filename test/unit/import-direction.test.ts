import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Which folders of renderer/ each may import, besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  bridge: ['core', 'io', 'refine', 'judge', 'show', 'batch'],
  io: ['core'],
  refine: ['core', 'io'],
  gpu: ['core'],
  camera: ['core'],
  edit: ['core', 'io'],
  workers: ['core', 'io', 'refine', 'edit'],
  batch: ['core'],
  judge: ['core', 'io'],
  compare: ['core', 'gpu'],
  show: ['core', 'camera'],
  app: ['bridge', 'core', 'io', 'refine', 'gpu', 'camera', 'workers', 'batch', 'edit', 'judge', 'compare', 'show'],
};

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(ROOT, folder, name));
}

function imports(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] as string,
  );
}

it('imports run in one direction', () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const [folder, allowed] of Object.entries(ALLOWED)) {
    for (const file of sources(`renderer/${folder}`)) {
      for (const specifier of imports(file).filter((path) => path.startsWith('.'))) {
        seen += 1;
        const target = relative(join(ROOT, 'renderer'), resolve(dirname(file), specifier)).split('/')[0] as string;
        if (target !== folder && target !== '..' && !allowed.includes(target))
          wrong.push(`${relative(ROOT, file)} imports ${specifier}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});

it('only the camera folder imports three', () => {
  const importers = sources('renderer').filter((file) =>
    imports(file).some((path) => path === 'three' || path.startsWith('three/')),
  );
  expect(importers.map((file) => relative(ROOT, file)).filter((file) => !file.startsWith('renderer/camera/'))).toEqual(
    [],
  );
  expect(importers.length).toBeGreaterThan(0);
});

it('the page and the core import neither Node nor Electron', () => {
  const wrong = ['core', 'gpu', 'camera', 'batch', 'app'].flatMap((folder) =>
    sources(`renderer/${folder}`).filter((file) =>
      imports(file).some((path) => path.startsWith('node:') || path === 'electron'),
    ),
  );
  expect(wrong.map((file) => relative(ROOT, file))).toEqual([]);
});
