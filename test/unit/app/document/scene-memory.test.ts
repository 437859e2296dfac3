import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SceneDocument } from '../../../../renderer/app/document/document.ts';
import { SceneMemory } from '../../../../renderer/app/document/scene-memory.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';
import type { SplatError } from '../../../../renderer/core/errors.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
const ball = { centre: [1, 2, 3], radius: 4 } as const;
const fileOf = (id: string) => ({ id, name: `${id}.ply`, size: 1, neighbours: [] });

let kept: Map<string, string>;
let document: SceneDocument;
let errors: SplatError[];
/** The axis that was up whenever a scene's choices had been read. */
let recalled: (string | undefined)[];

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  errors = [];
  recalled = [];
  vi.stubGlobal('window', {
    addEventListener: () => undefined,
    desktop: {
      readSceneMemory: (id: string) => Promise.resolve({ ok: true, value: kept.get(id) }),
      writeSceneMemory: (id: string, text: string) => {
        if (text === '') kept.delete(id);
        else kept.set(id, text);
        return Promise.resolve({ ok: true, value: undefined });
      },
    },
  });
  document = new SceneDocument();
  new SceneMemory(
    document,
    (axis) => document.chooseUp(axis, undefined),
    () => recalled.push(document.state.up?.axis),
    (error) => errors.push(error),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(id: string): Promise<void> {
  document.open(fileOf(id), scene);
  await vi.advanceTimersByTimeAsync(1000);
}

it('keeps the region with its scene, and recalls it without a step of the history', async () => {
  await open('a');
  document.step('Set Region', { region: ball });
  // Before it is written another scene takes its place.
  await open('b');
  expect(document.state.region).toBe('auto');
  await open('a');
  expect(document.state.region).toEqual(ball);
  expect(document.state.history?.steps.map(({ label, state }) => [label, state.region])).toEqual([['Open', ball]]);
  expect(errors).toEqual([]);
});

it('keeps the up axis with its scene, whatever is wrong beside it', async () => {
  await open('a');
  document.chooseUp('-x', undefined);
  await open('b');
  expect(document.state.chosenUp).toBeUndefined();
  kept.set('a', JSON.stringify({ ...JSON.parse(kept.get('a') ?? ''), region: 7 }));
  await open('a');
  expect(document.state.up).toEqual({ axis: '-x', source: 'chosen', isSure: true });
  expect(recalled).toEqual(['z', 'z', '-x']);
  document.chooseUp(undefined, undefined);
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept.has('a')).toBe(false);
  expect(errors).toEqual([]);
});

it('forgets a scene for which nothing is chosen any more', async () => {
  await open('a');
  document.step('Set Region', { region: 'all' });
  await vi.advanceTimersByTimeAsync(1000);
  expect([...kept.keys()]).toEqual(['a']);
  document.goTo(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept.size).toBe(0);
});

it.each(['not JSON', '{"region":{"centre":[0,0],"radius":1}}', '{"region":"some"}'])(
  'takes %s for nothing',
  async (text) => {
    kept.set('a', text);
    await open('a');
    expect(document.state.region).toBe('auto');
  },
);

it('overwrites nothing that it could not read', async () => {
  const failure = { code: 'io', message: 'No disk.' };
  Object.assign(window.desktop, { readSceneMemory: () => Promise.resolve({ ok: false, failure }) });
  kept.set('a', JSON.stringify({ region: ball }));
  await open('a');
  document.step('Set Region', { region: 'all' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept.get('a')).toBe(JSON.stringify({ region: ball }));
  expect(errors).toHaveLength(1);
});
