import { describe, expect, test } from 'vitest';
import { EMPTY_STATE, SceneDocument, refinedName, shownScene } from '../../../../renderer/app/document/document.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';
import { refinementOf } from './refinement.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });

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
