import { describe, expect, it, vi } from 'vitest';
import { ChangeMap } from '../../../renderer/compare/change-map.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';

/** 100 splats, splat i moved by `step` times i along x. */
function moved(step: number): SplatScene {
  const scene = createScene(100, 0, { antialiased: false, up: 'y', format: 'test', name: 'test' });
  for (let i = 0; i < 100; i++) scene.positions[i * 3] = step * i;
  return scene;
}

describe('ChangeMap', () => {
  it('fits the map to 98 % of the splats of the first refinement and keeps it for weaker ones', () => {
    const map = new ChangeMap(() => 1);
    const before = moved(0);
    map.measure(before, moved(1), 'moved');
    expect(map.largest(1)).toBe(97);
    expect(map.largest(2)).toBe(194);
    expect(map.mapValues(1)?.[97]).toBe(1);
    expect(map.summary(1)?.beyond).toBe(2);
    map.measure(before, moved(0.5), 'moved');
    expect(map.largest(1)).toBe(97);
    expect(map.mapValues(1)?.[97]).toBe(0.5);
    expect(map.summary(1)?.beyond).toBe(0);
    map.fit();
    expect(map.largest(1)).toBe(48.5);
  });

  it('forgets its fit with another original, and asks for the size of each once', () => {
    const radiusOf = vi.fn(() => 10);
    const map = new ChangeMap(radiusOf);
    const before = moved(0);
    map.measure(before, moved(1), 'moved');
    map.measure(before, moved(2), 'moved');
    expect(radiusOf).toHaveBeenCalledOnce();
    expect(map.largest(1)).toBeCloseTo(9.7, 6);
    map.measure(moved(0), moved(3), 'moved');
    expect(map.largest(1)).toBeCloseTo(29.1, 5);
  });

  it('has a map even where nothing changed, and fits it as soon as something does', () => {
    const map = new ChangeMap(() => 1);
    const before = moved(0);
    expect(map.mapValues(1)).toBeUndefined();
    expect(map.summary(1)).toBeUndefined();
    map.measure(before, moved(0), 'moved');
    expect(map.largest(1)).toBeGreaterThan(0);
    expect(map.mapValues(1)?.every((value) => value === 0)).toBe(true);
    map.measure(before, moved(1), 'moved');
    expect(map.largest(1)).toBe(97);
  });

  it('gives a new array of values each time, so that the renderer sees the change', () => {
    const map = new ChangeMap(() => 1);
    map.measure(moved(0), moved(1), 'opacity');
    expect(map.mapValues(1)).not.toBe(map.mapValues(1));
    expect([...(map.mapValues(1) ?? [])].every((value) => value === 0.5)).toBe(true);
  });
});
