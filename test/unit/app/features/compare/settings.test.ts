import { describe, expect, it } from 'vitest';
import { FIRST_SETTINGS, FLICKER_HERTZ, pictureOf } from '../../../../../renderer/app/features/compare/settings.ts';
import { createScene } from '../../../../../renderer/core/splat-scene.ts';

const scene = (count: number) => createScene(count, 0, { antialiased: false, up: 'y', format: 'test', name: 'test' });
const before = scene(2);
const after = scene(3);
const picture = (
  patch: Partial<typeof FIRST_SETTINGS>,
  mapValues?: Float32Array,
  shows: 'before' | 'after' = 'before',
) => pictureOf({ ...FIRST_SETTINGS, ...patch }, { before, after }, mapValues, shows);

describe('pictureOf', () => {
  it('leaves the plain picture alone without a mode', () => {
    expect(picture({})).toBeUndefined();
  });

  it('makes each mode of both scenes', () => {
    expect(picture({ mode: 'split', splitPosition: 0.3, direction: 'horizontal' })).toEqual({
      kind: 'compare',
      before,
      after,
      view: { mode: 'split', direction: 'horizontal', position: 0.3 },
    });
    expect(picture({ mode: 'sideBySide' })).toMatchObject({ view: { mode: 'sideBySide', direction: 'vertical' } });
    expect(picture({ mode: 'heat', measure: 'signed', heatLargest: 0.1 })).toMatchObject({
      view: { mode: 'heat', measure: 'signed', largest: 0.1 },
    });
  });

  it('flickers between the two', () => {
    expect(picture({ mode: 'flicker' })).toEqual({ kind: 'scene', scene: before });
    expect(picture({ mode: 'flicker' }, undefined, 'after')).toEqual({ kind: 'scene', scene: after });
  });

  it('never flashes more than three times a second', () => {
    expect(Math.max(...FLICKER_HERTZ)).toBeLessThan(3);
  });

  it('colours the changes once they are measured for a scene of this size', () => {
    const mapValues = new Float32Array(3);
    expect(picture({ mode: 'changes', changeKind: 'grown' }, mapValues)).toEqual({
      kind: 'overlay',
      scene: after,
      mapValues,
      map: 'coolwarm',
    });
    expect(picture({ mode: 'changes' })).toEqual({ kind: 'scene', scene: after });
    expect(picture({ mode: 'changes' }, new Float32Array(2))).toEqual({ kind: 'scene', scene: after });
  });
});
