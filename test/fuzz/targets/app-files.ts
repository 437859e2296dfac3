import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QueueStore } from '../../../electron/batch/store.ts';
import { readCatalogue } from '../../../electron/models/catalogue.ts';
import { SettingsStore } from '../../../electron/settings.ts';
import {
  parseSceneShow,
  parseShowFile,
  shotOf,
  writeSceneShow,
  writeShowFile,
} from '../../../renderer/show/show-file.ts';
import type { ShowFile } from '../../../renderer/show/show-file.ts';
import { turntable, view } from '../../unit/show/show-values.ts';
import type { Seed, Target } from '../target.ts';
import { onDisk } from './on-disk.ts';

/** Readers of the files that the app keeps for itself or lets people keep. */
export const APP_FILE_TARGETS: readonly Target[] = [
  { name: 'show-file', inputsInTests: 200, seeds: showSeeds },
  { name: 'scene-show', inputsInTests: 100, seeds: sceneShowSeeds },
  { name: 'settings', inputsInTests: 60, isNeverRefused: true, seeds: settingsSeeds },
  { name: 'batch-list', inputsInTests: 60, isNeverRefused: true, seeds: queueSeeds },
  { name: 'catalogue', inputsInTests: 60, seeds: catalogueSeeds },
];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const bookmarks = [{ name: 'Front', ...view }];
const path = {
  keys: [
    { timeSeconds: 0, ...view, stop: false },
    { timeSeconds: 1.5, ...view, position: [0, 5, 1] as const, stop: true },
    { timeSeconds: 3, ...view, position: [-5, 0, 1] as const, stop: false },
  ],
  timing: 'constant',
  ease: false,
} as const;

function showSeeds(): Seed[] {
  const files: ShowFile[] = [
    { kind: 'bookmarks', bookmarks },
    { kind: 'path', path },
    { kind: 'turntable', turntable },
  ];
  return files.map((file) => ({
    name: `${file.kind}.json`,
    bytes: encode(writeShowFile(file)),
    read: (damaged) => assertFinite(parseShowFile(decode(damaged), 'show.json')),
  }));
}

/** A path is flown along: every view of it must be one. */
function assertFinite(file: ShowFile): void {
  if (file.kind === 'bookmarks') return;
  const shot = shotOf(file, 'show.json');
  for (let step = 0; step <= 8; step++) {
    const { position, target, orientation, fovYDegrees } = shot.poseAt((shot.durationSeconds * step) / 8);
    const numbers = [...position, ...target, ...Object.values(orientation).flat(), fovYDegrees];
    if (!numbers.every(Number.isFinite)) throw new Error(`a view of the ${file.kind} is not finite`);
  }
}

function sceneShowSeeds(): Seed[] {
  const text = writeSceneShow({ bookmarks, path, turntable });
  return [{ name: 'show.json', bytes: encode(text), read: (damaged) => parseSceneShow(decode(damaged), 'show.json') }];
}

function settingsSeeds(): Seed[] {
  const settings = {
    recentScenes: ['/a.ply', '/b/c.spz'],
    lastFolder: '/b',
    graphics: { mode: 'software', trying: 'default' },
    window: { width: 1200, height: 800, maximized: false },
    view: {},
    models: { chosen: 'mine', own: [] },
  };
  return [onDisk('settings.json', encode(JSON.stringify(settings)), (file) => new SettingsStore(file))];
}

function queueSeeds(): Seed[] {
  const result = {
    splats: 1,
    refined: 1,
    invalidPassedThrough: 0,
    outputSplats: 1,
    blocks: 1,
    backend: 'cpu',
    outputBytes: 1,
    meanChange: { means: 0.5 },
  };
  const item = { input: '/a.ply', stem: 'a', folder: 'x', bytes: 5, output: '/out/a.ply' };
  const id = (k: number): string => `00000000-0000-4000-8000-00000000000${k}`;
  const queue = {
    version: 1,
    run: 'running',
    settings: {
      outputFolder: '/out',
      outputFolderIsChosen: true,
      pattern: '{name}-refined',
      format: 'inria-ply',
      model: null,
      strength: 1,
      up: 'file',
      replace: false,
    },
    items: [
      { ...item, id: id(1), state: 'done', result, milliseconds: 5 },
      { ...item, id: id(2), state: 'running', commit: { bytes: 3, sha256: 'a'.repeat(64), result } },
      { ...item, id: id(3), state: 'failed', error: { code: 'io', message: 'It could not be read.' } },
      { ...item, id: id(4), state: 'queued' },
    ],
  };
  return [onDisk('batch.json', encode(JSON.stringify(queue)), (file) => new QueueStore(file).load())];
}

function catalogueSeeds(): Seed[] {
  const file = join(import.meta.dirname, '../../../models/catalogue.json');
  return [onDisk('catalogue.json', new Uint8Array(readFileSync(file)), (copy) => readCatalogue(copy))];
}
