import { describe, expect, test } from 'vitest';
import { EMPTY_STATE, SceneDocument, shownScene, suggestedName } from '../../../../renderer/app/document/document.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';
import { refinementOf } from './refinement.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });

const fileOf = (name: string) => ({ id: 'f', name, size: 1, neighbours: [] });

const refined = refinementOf(createScene(1, 0, scene.meta));

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

  test('keeps no message about a scene that has changed since', () => {
    const document = new SceneDocument();
    document.open(fileOf('a.ply'), scene);
    document.say('Opened.');
    document.update({ shown: 'after' });
    expect(document.state.message.text).toBe('Opened.');
    document.step('Refine', { refined });
    expect(document.state.message.text).toBe('');
    document.complain('That did not work.');
    document.update({ shown: 'before' });
    expect(document.state.message).toEqual({ text: '', isError: false });
    document.exported({ id: 't', name: 'b.png' }, 'Saved b.png.');
    expect(document.state).toMatchObject({ exported: { id: 't' }, message: { actions: [{ command: 'file.reveal' }] } });
  });

  test('shows the refined scene only on the after side', () => {
    expect(shownScene({ ...EMPTY_STATE, original: scene, refined, shown: 'after' })).toBe(refined.scene);
    expect(shownScene({ ...EMPTY_STATE, original: scene, refined, shown: 'before' })).toBe(scene);
    expect(shownScene({ ...EMPTY_STATE, original: scene, shown: 'after' })).toBe(scene);
  });

  test.each([
    ['refined', 'plant.splat', 'inria-ply', 'plant-refined.ply'],
    ['refined', 'biker.compressed.ply', 'spz', 'biker-refined.spz'],
    ['refined', 'plant-refined.ply', 'inria-ply', 'plant-refined-copy.ply'],
    ['edited', 'a.b.spz', 'compressed-ply', 'a.b-edited.compressed.ply'],
    ['opened', 'plant.splat', 'spz', 'plant.spz'],
    ['opened', 'plant.ply', 'inria-ply', 'plant-copy.ply'],
    ['opened', 'plant-refined.ply', 'spz', 'plant-refined.spz'],
  ] as const)('suggests for a scene that was %s from %s as %s the name %s', (became, input, format, output) => {
    const document = new SceneDocument();
    document.open(fileOf(input), scene);
    if (became === 'refined') document.step('Refine', { refined });
    if (became === 'edited') document.step('Delete', { original: createScene(1, 0, scene.meta) });
    expect(suggestedName(document.state, format)).toBe(output);
  });
});
