import { describe, expect, it } from 'vitest';
import { SceneDocument } from '../../../../../renderer/app/document/document.ts';
import { CaptureStore } from '../../../../../renderer/app/features/judge/capture-store.ts';
import { createScene } from '../../../../../renderer/core/splat-scene.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
const file = (name: string) => ({ id: name, name, size: 1, neighbours: [] });
const capture = { format: 'inria' as const, cameras: [], warnings: [] };
const photo = { id: 'p', name: 'p.png', size: 1 };
const measurements = { views: [], cameras: [], problems: [], sceneName: 'garden.ply' };

describe('the open capture', () => {
  it('waits for its scene, stays while that is edited, and is closed with all that belongs to it by another', () => {
    const document = new SceneDocument();
    const store = new CaptureStore();
    store.closeWithScene(document);
    store.update({ name: 'cameras.json', capture, photos: [photo], selected: 0, measurements });
    const opened = store.state;
    document.open(file('garden.ply'), scene);
    document.step('Delete', { original: createScene(2, 0, scene.meta) });
    document.goTo(0);
    expect(store.state).toBe(opened);
    document.open(file('chair.ply'), scene);
    expect(store.state).toEqual(new CaptureStore().state);
    store.update({ name: 'cameras.json', capture });
    expect(store.state.capture).toBe(capture);
  });
});
