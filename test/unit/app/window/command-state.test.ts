import { describe, expect, test } from 'vitest';
import { commandState } from '../../../../renderer/app/window/command-state.ts';
import type { CommandFacts } from '../../../../renderer/app/window/command-state.ts';
import { EMPTY_STATE } from '../../../../renderer/app/document/document.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';
import { refinementOf } from '../document/refinement.ts';

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
      showGrid: true,
      showAxes: false,
      showGizmo: false,
      theme: 'system',
      zoomPercent: 100,
      dockWidth: 360,
      openPanel: '',
      hintDismissed: false,
      saveFormat: 'inria-ply',
      showGauge: true,
      refinePaces: {},
    },
    isFlying: false,
    hasModel: true,
    usesDefaultModel: true,
    canRender: true,
    isLost: false,
    ...facts,
  });
}

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

  test('offers nothing that is about the open scene while the preview of another is seen, but looking', () => {
    const opening = { ...job, kind: 'open' as const, preview: scene };
    const { disabled } = stateOf({ original: scene, refined, job: opening });
    for (const id of ['refine.compare', 'compare.split', 'edit.delete', 'view.upX', 'show.addBookmark'] as const)
      expect(disabled.has(id)).toBe(true);
    for (const id of ['refine.cancel', 'view.frame', 'view.fly'] as const) expect(disabled.has(id)).toBe(false);
    expect(stateOf({ job: opening }).disabled.has('view.frame')).toBe(false);
  });

  test('offers to ask for the graphics card again where it is gone', () => {
    const isOff = (isLost: boolean): boolean => stateOf({}, { isLost }).disabled.has('view.tryGraphics');
    expect([isOff(false), isOff(true)]).toEqual([true, false]);
  });

  test('offers refining only with a model', () => {
    expect(stateOf({ original: scene }).disabled.has('refine.run')).toBe(false);
    expect(stateOf({ original: scene }, { hasModel: false }).disabled.has('refine.run')).toBe(true);
  });

  test('ticks what is on', () => {
    const { checked } = stateOf({ original: scene, refined, shown: 'before' }, { isFlying: true });
    expect([...checked].sort()).toEqual(['refine.compare', 'view.fly', 'view.grid', 'view.upAuto']);
    expect(stateOf({ original: scene, chosenUp: '-x' }).checked.has('view.upMinusX')).toBe(true);
  });
});
