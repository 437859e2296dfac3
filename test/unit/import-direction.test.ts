import { expect, it } from 'vitest';
import { arrows, circles, readImports, reachedByValue } from './import-graph.ts';

const graph = readImports(['renderer', 'electron']);

/** Which folders of renderer/ each may import, besides itself. */
const PAGE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  bridge: ['core', 'io', 'refine', 'judge', 'show', 'batch', 'project'],
  io: ['core'],
  refine: ['core', 'io'],
  gpu: ['core'],
  camera: ['core'],
  edit: ['core', 'io'],
  project: ['core', 'edit', 'refine'],
  workers: ['core', 'io', 'refine', 'edit'],
  batch: ['core'],
  judge: ['core', 'io'],
  compare: ['core', 'gpu'],
  show: ['core', 'camera'],
  bench: ['core', 'gpu', 'workers'],
  app: [
    'bridge',
    'core',
    'io',
    'refine',
    'gpu',
    'camera',
    'workers',
    'batch',
    'edit',
    'judge',
    'compare',
    'show',
    'project',
  ],
};

/** Which rooms of electron/ each may import, besides itself; a room is a folder or a file. */
const DESKTOP: Readonly<Record<string, readonly string[]>> = {
  failure: [],
  log: [],
  report: ['failure', 'log'],
  settings: ['failure'],
  files: ['failure'],
  jobs: ['failure', 'files'],
  models: ['failure', 'files', 'settings'],
  capture: ['files'],
  show: ['failure', 'files'],
  window: ['failure', 'log', 'settings'],
  batch: ['failure', 'files', 'jobs', 'log', 'models', 'window'],
  processes: ['batch', 'log'],
  start: ['failure', 'files', 'jobs', 'models', 'settings', 'window'],
  cli: ['capture', 'files', 'jobs', 'models', 'window'],
  updates: ['failure', 'models'],
  preload: ['window'],
  handlers: [
    'batch',
    'capture',
    'files',
    'jobs',
    'log',
    'models',
    'processes',
    'settings',
    'show',
    'start',
    'updates',
    'window',
  ],
  entry: ['main', 'start'],
  main: [
    'batch',
    'failure',
    'files',
    'handlers',
    'jobs',
    'log',
    'models',
    'processes',
    'report',
    'settings',
    'start',
    'updates',
    'window',
  ],
};

/** The folders of the page that the desktop may import: none needs a GPU or a page. */
const SHARED = ['core', 'bridge', 'io', 'refine', 'batch', 'judge', 'show', 'project'];

/** Most pairs of rooms that may import one another: a room more tangled than that is to be cut otherwise. */
const MAX_ARROWS = { page: 100, desktop: 60 };

const nameIn = (folder: string, path: string): string => path.slice(folder.length + 1).split('/')[0];

/** What imports across the rooms of `folder` against the table, as sentences; what lies outside of it is not judged. */
function against(folder: string, allowed: Readonly<Record<string, readonly string[]>>): string[] {
  const room = (path: string): string => nameIn(folder, path).replace(/\.ts$/, '');
  return [...graph]
    .filter(([file]) => file.startsWith(`${folder}/`))
    .flatMap(([file, imports]) =>
      imports
        .filter(({ target }) => graph.has(target) && target.startsWith(`${folder}/`) && room(target) !== room(file))
        .filter(({ target }) => !(allowed[room(file)] ?? []).includes(room(target)))
        .map(({ target }) => `${file} imports ${target}`),
    );
}

it('finds the imports', () => {
  expect([...graph.values()].flat().length).toBeGreaterThan(500);
});

it('imports of the page run in one direction', () => {
  expect(against('renderer', PAGE)).toEqual([]);
});

it('imports of the desktop run in one direction', () => {
  expect(against('electron', DESKTOP)).toEqual([]);
});

it('the page imports nothing of the desktop, and the desktop of the page only what runs anywhere', () => {
  const wrong = [...graph].flatMap(([file, imports]) =>
    imports
      .filter(({ target }) =>
        file.startsWith('renderer/')
          ? target.startsWith('electron/')
          : target.startsWith('renderer/') && !SHARED.includes(nameIn('renderer', target)),
      )
      .map(({ target }) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

it('no imports run in a circle, types included', () => {
  expect(circles(graph)).toEqual([]);
});

it('no feature imports another', () => {
  const features = 'renderer/app/features/';
  const wrong = arrows(graph, 'renderer/app', ['features']).filter((arrow) =>
    arrow.split(' -> ').every((room) => room.startsWith(features)),
  );
  expect(wrong).toEqual([]);
});

it('the rooms of page and desktop stay few-threaded', () => {
  expect(arrows(graph, 'renderer/app', ['features']).length).toBeLessThanOrEqual(MAX_ARROWS.page);
  expect(arrows(graph, 'electron').length).toBeLessThanOrEqual(MAX_ARROWS.desktop);
});

it("the contract's schemas stay out of the page and of the preload script", () => {
  const schemas = [...graph.keys()].filter(
    (file) => file.startsWith('renderer/bridge/') && graph.get(file)?.some(({ target }) => target === 'zod'),
  );
  expect(schemas.length).toBeGreaterThan(5);
  for (const start of ['renderer/app/main.ts', 'electron/preload.ts']) {
    const reached = reachedByValue(graph, start);
    expect(schemas.filter((file) => reached.has(file))).toEqual([]);
  }
  expect([...reachedByValue(graph, 'electron/preload.ts')].filter((file) => graph.has(file)).length).toBeLessThan(5);
});

it('only the camera folder imports three', () => {
  const importers = [...graph.keys()].filter((file) =>
    graph.get(file)?.some(({ target }) => target === 'three' || target.startsWith('three/')),
  );
  expect(importers.filter((file) => !file.startsWith('renderer/camera/'))).toEqual([]);
  expect(importers.length).toBeGreaterThan(0);
});

it('the page and the core import neither Node nor Electron', () => {
  const wrong = [...graph.keys()].filter(
    (file) =>
      ['core', 'gpu', 'camera', 'batch', 'bridge', 'app'].some((folder) => file.startsWith(`renderer/${folder}/`)) &&
      graph.get(file)?.some(({ target }) => target.startsWith('node:') || target === 'electron'),
  );
  expect(wrong).toEqual([]);
});
