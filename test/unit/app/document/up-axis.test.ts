import { describe, expect, test } from 'vitest';
import { SceneDocument } from '../../../../renderer/app/document/document.ts';
import { explicitUp } from '../../../../renderer/app/document/up-axis.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });

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
