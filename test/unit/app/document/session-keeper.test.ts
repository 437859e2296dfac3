import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SceneDocument } from '../../../../renderer/app/document/document.ts';
import type { Snapshot, Workplace } from '../../../../renderer/app/document/project-actions.ts';
import { SessionKeeper } from '../../../../renderer/app/document/session-keeper.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
const file = { id: 'a', name: 'a.ply', size: 1, neighbours: [] };
const history = { scenes: [], residuals: [], steps: [], index: 0, dropped: 0 };

let document: SceneDocument;
let keeper: SessionKeeper;
let snapshot: Partial<Snapshot>;
let kept: unknown[];
let errors: number;
let isDiskFull: boolean;

beforeEach(() => {
  [kept, errors, isDiskFull] = [[], 0, false];
  snapshot = { parts: [], state: { history } as unknown as Snapshot['state'] };
  const failure = { code: 'io', message: 'The disk is full.' };
  const keepSession = (_files: object, state: object) => {
    if (isDiskFull) return Promise.resolve({ ok: false, failure });
    kept.push(state);
    return Promise.resolve({ ok: true, value: undefined });
  };
  vi.stubGlobal('window', { desktop: { keepSession } });
  document = new SceneDocument();
  keeper = new SessionKeeper(
    document,
    { snapshot: () => Promise.resolve(snapshot as Snapshot) },
    { read: () => ({}), files: () => ({}) } as unknown as Workplace,
    () => undefined,
    () => errors++,
  );
});

afterEach(() => void vi.unstubAllGlobals());

it('keeps what changed, and nothing twice', async () => {
  await keeper.keep();
  expect(kept).toHaveLength(0);
  document.open(file, scene);
  await keeper.keep();
  await keeper.keep();
  expect(kept).toHaveLength(1);
});

it('says whether all of what is open at a moment is on disk', async () => {
  expect(await keeper.keepNow()).toBe(true);
  document.open(file, scene);
  const look = keeper.keep();
  document.step('Select', { selection: new Uint8Array(1) });
  expect(await keeper.keepNow()).toBe(true);
  await look;
  expect(kept).toHaveLength(2);
  expect(await keeper.keepNow()).toBe(true);
  expect(kept).toHaveLength(2);
});

it('says so where the disk is full, or the scene is larger than what is kept', async () => {
  document.open(file, scene);
  isDiskFull = true;
  expect(await keeper.keepNow()).toBe(false);
  expect(errors).toBe(1);
  isDiskFull = false;
  snapshot = { ...snapshot, state: {} as Snapshot['state'] };
  document.step('Select', { selection: new Uint8Array(1) });
  expect(await keeper.keepNow()).toBe(false);
  expect(errors).toBe(1);
});
