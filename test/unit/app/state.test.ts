import { describe, expect, test } from 'vitest';
import { commandState, upAxisOf } from '../../../renderer/app/window/command-state.ts';
import type { CommandFacts } from '../../../renderer/app/window/command-state.ts';
import { COMMAND_TABLE, MENUS, isCommandId, shortcutLabel } from '../../../renderer/bridge/commands.ts';
import { EMPTY_STATE, SceneDocument, refinedName, shownScene } from '../../../renderer/app/document/document.ts';
import { FrameClock } from '../../../renderer/app/view/frame-clock.ts';
import { explicitUp } from '../../../renderer/app/document/up-axis.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import { refinementOf } from './refinement.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
const refined = refinementOf(createScene(1, 0, scene.meta));
const job = {
  kind: 'refine' as const,
  title: 'Refining',
  stage: '',
  fraction: 0,
  startedMs: 0,
  cancel: () => undefined,
};

function stateOf(document: Partial<typeof EMPTY_STATE>, facts: Partial<CommandFacts> = {}) {
  return commandState({
    document: { ...EMPTY_STATE, ...document },
    view: {
      fovYDegrees: 50,
      upAxis: 'auto',
      showGrid: true,
      showAxes: false,
      theme: 'system',
      zoomPercent: 100,
      dockWidth: 360,
      openPanel: '',
      hintDismissed: false,
      showGauge: true,
    },
    isFlying: false,
    hasModel: true,
    usesDefaultModel: true,
    canRender: true,
    ...facts,
  });
}

describe('the table of commands', () => {
  test('gives every id, key and accelerator once, in a menu that exists', () => {
    for (const field of ['id', 'key', 'accelerator'] as const) {
      const values = COMMAND_TABLE.map((command) => command[field]).filter((value) => value !== undefined);
      expect(new Set(values).size).toBe(values.length);
    }
    for (const { menu } of COMMAND_TABLE) expect(MENUS).toContain(menu);
  });

  test('leaves the flying keys to the camera', () => {
    expect(COMMAND_TABLE.filter(({ key }) => key !== undefined && 'wasdqe'.includes(key))).toEqual([]);
  });

  test('writes shortcuts as people do', () => {
    expect(shortcutLabel('view.frame', 'linux')).toBe('F');
    expect(shortcutLabel('file.open', 'linux')).toBe('Ctrl+O');
    expect(shortcutLabel('file.open', 'darwin')).toBe('Cmd+O');
    expect(isCommandId('file.open')).toBe(true);
    expect(isCommandId('constructor')).toBe(false);
  });
});

describe('commandState', () => {
  test('offers opening, but neither refining nor saving, without a scene', () => {
    const { disabled } = stateOf({});
    expect(disabled.has('file.open')).toBe(false);
    for (const id of ['refine.run', 'file.saveAs', 'refine.compare', 'refine.cancel', 'view.frame'] as const)
      expect(disabled.has(id)).toBe(true);
  });

  test('offers only cancelling and looking while a job runs', () => {
    const { disabled } = stateOf({ original: scene, refined, job });
    for (const id of ['refine.run', 'file.saveAs', 'file.open', 'model.open'] as const)
      expect(disabled.has(id)).toBe(true);
    for (const id of ['refine.cancel', 'view.frame', 'refine.compare'] as const) expect(disabled.has(id)).toBe(false);
  });

  test('offers refining only with a model', () => {
    expect(stateOf({ original: scene }).disabled.has('refine.run')).toBe(false);
    expect(stateOf({ original: scene }, { hasModel: false }).disabled.has('refine.run')).toBe(true);
  });

  test('ticks what is on', () => {
    const { checked } = stateOf({ original: scene, refined, shown: 'before' }, { isFlying: true });
    expect([...checked].sort()).toEqual(['refine.compare', 'view.fly', 'view.grid', 'view.upAuto']);
    expect(upAxisOf('view.upMinusY')).toBe('-y');
    expect(upAxisOf('view.grid')).toBeUndefined();
  });
});

describe('the explicit up axis', () => {
  test('is the choice of the person, else the axis of the photos, which goes with the scene', () => {
    const document = new SceneDocument();
    const file = { id: 'x', name: 'a.ply', size: 1, neighbours: [] };
    document.open(file, scene);
    expect(explicitUp('auto', document.state)).toBeUndefined();
    document.update({ photosUp: '-y' });
    expect([explicitUp('auto', document.state), explicitUp('y', document.state)]).toEqual(['-y', 'y']);
    document.step('Delete', { original: createScene(2, 0, scene.meta) });
    expect(explicitUp('auto', document.state)).toBe('-y');
    document.open({ ...file, id: 'y' }, scene);
    expect(explicitUp('auto', document.state)).toBeUndefined();
  });
});

describe('SceneDocument', () => {
  test('tells watchers the state before and after', () => {
    const document = new SceneDocument();
    const seen: string[] = [];
    document.watch((state, before) => seen.push(`${before.message.text}>${state.message.text}`));
    document.say('one');
    document.complain('two');
    expect(seen).toEqual(['>', '>one', 'one>two']);
    expect(document.state.message.isError).toBe(true);
  });

  test('shows the refined scene only on the after side', () => {
    expect(shownScene({ ...EMPTY_STATE, original: scene, refined, shown: 'after' })).toBe(refined.scene);
    expect(shownScene({ ...EMPTY_STATE, original: scene, refined, shown: 'before' })).toBe(scene);
    expect(shownScene({ ...EMPTY_STATE, original: scene, shown: 'after' })).toBe(scene);
  });

  test.each([
    ['plant.splat', 'plant-refined.ply'],
    ['biker.compressed.ply', 'biker-refined.ply'],
    ['plant-refined.ply', 'plant-refined.ply'],
    ['a.b.spz', 'a.b-refined.ply'],
  ])('names the refined %s %s', (input, output) => expect(refinedName(input)).toBe(output));
});

describe('FrameClock', () => {
  test('has no rate until three frames came in a row', () => {
    const clock = new FrameClock();
    clock.add(0, true);
    clock.add(50, false);
    expect(clock.framesPerSecond).toBeUndefined();
    clock.add(100, false);
    expect(clock.framesPerSecond).toBeCloseTo(20);
  });

  test('starts anew after a pause', () => {
    const clock = new FrameClock();
    [0, 50, 100].forEach((time) => clock.add(time, false));
    clock.add(10_000, false);
    expect(clock.framesPerSecond).toBeUndefined();
  });
});
