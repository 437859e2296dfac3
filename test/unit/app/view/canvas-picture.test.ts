import { beforeEach, expect, it, vi } from 'vitest';
import { SceneDocument, finalScene } from '../../../../renderer/app/document/document.ts';
import { CanvasPicture } from '../../../../renderer/app/view/canvas-picture.ts';
import type { Picture } from '../../../../renderer/app/view/picture.ts';
import { applyResiduals } from '../../../../renderer/refine/residual-blend.ts';
import { randomScene } from '../../io/fixtures.ts';
import { refinementOf, residualsOf } from '../document/refinement.ts';

const scene = randomScene(40, 1);
const refined = refinementOf(applyResiduals(scene, residualsOf(40)));
const tinted = randomScene(40, 1);

const show = vi.fn();
let document: SceneDocument;
let picture: CanvasPicture;

beforeEach(() => {
  show.mockClear();
  document = new SceneDocument();
  picture = new CanvasPicture(document, { show });
  document.open({ id: 'x', name: 'a.ply', size: 1, neighbours: [] }, scene);
  document.step('Refine', { refined }, { shown: 'after' });
});

it('draws the scene on screen and keeps both sides for flipping', () => {
  expect(show).toHaveBeenLastCalledWith({ kind: 'scene', scene: refined.scene }, [scene, refined.scene]);
  document.update({ shown: 'before' });
  expect(show).toHaveBeenLastCalledWith({ kind: 'scene', scene }, [scene, refined.scene]);
});

it('draws a stand-in only where its scene is shown', () => {
  picture.standIn('edit', { for: refined.scene, scene: tinted });
  expect(show).toHaveBeenLastCalledWith({ kind: 'scene', scene: tinted }, [scene, refined.scene, tinted]);
  document.update({ shown: 'before' });
  expect(show.mock.lastCall?.[0]).toEqual({ kind: 'scene', scene });
  expect(finalScene(document.state)).toBe(refined.scene);
});

it('draws a comparison before everything else, and goes back to the rest after it', () => {
  const comparison: Picture = {
    kind: 'compare',
    before: scene,
    after: refined.scene,
    view: { mode: 'split', direction: 'vertical', position: 0.5 },
  };
  picture.standIn('edit', { for: refined.scene, scene: tinted });
  picture.compare(comparison);
  expect(show.mock.lastCall?.[0]).toBe(comparison);
  picture.compare(undefined);
  expect(show.mock.lastCall?.[0]).toEqual({ kind: 'scene', scene: tinted });
});

it('leaves the canvas alone while nothing of it changes', () => {
  const calls = show.mock.calls.length;
  document.say('Saved a.ply.');
  picture.compare(undefined);
  picture.standIn('edit', undefined);
  expect(show).toHaveBeenCalledTimes(calls);
});

it('draws the latest of several stand-ins, and goes back to the others when it ends', () => {
  const other = randomScene(40, 2);
  picture.standIn('edit', { for: refined.scene, scene: tinted });
  picture.standIn('region', { for: refined.scene, scene: other });
  expect(show.mock.lastCall?.[0]).toEqual({ kind: 'scene', scene: other });
  picture.standIn('region', undefined);
  expect(show.mock.lastCall?.[0]).toEqual({ kind: 'scene', scene: tinted });
});

it('draws the preview of a scene that is being opened before all else, and keeps what is open', () => {
  const preview = randomScene(10, 1);
  const job = {
    kind: 'open',
    title: 'Opening',
    stage: '',
    fraction: 0,
    startedMs: 0,
    cancel: () => undefined,
  } as const;
  picture.standIn('edit', { for: refined.scene, scene: tinted });
  document.update({ job: { ...job, preview } });
  expect(show).toHaveBeenLastCalledWith({ kind: 'scene', scene: preview, isPreview: true }, [
    scene,
    refined.scene,
    tinted,
  ]);
  document.update({ job: undefined });
  expect(show.mock.lastCall?.[0]).toEqual({ kind: 'scene', scene: tinted });
});
