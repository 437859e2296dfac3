import { beforeEach, expect, it, vi } from 'vitest';
import { FoundRegions } from '../../../../../renderer/app/features/refinement/found-regions.ts';
import type { JobOptions } from '../../../../../renderer/core/progress.ts';
import type { SplatScene } from '../../../../../renderer/core/splat-scene.ts';
import type { FoundRegion } from '../../../../../renderer/refine/region.ts';
import { findRegionInWorker } from '../../../../../renderer/workers/scene-client.ts';
import { randomScene } from '../../../io/fixtures.ts';

vi.mock('../../../../../renderer/workers/scene-client.ts', () => ({ findRegionInWorker: vi.fn() }));

const [scene, other] = [randomScene(4, 1), randomScene(5, 1)];
const answer: FoundRegion = { ball: null, isSurrounded: false, splats: 4, drawn: 4 };

interface Search {
  readonly scene: SplatScene;
  readonly options: JobOptions;
  readonly resolve: (found: FoundRegion) => void;
  readonly reject: (error: Error) => void;
}
let searches: Search[];
const changed = vi.fn();

beforeEach(() => {
  searches = [];
  changed.mockReset();
  vi.mocked(findRegionInWorker).mockImplementation((asked, options = {}) => {
    return new Promise<FoundRegion>((resolve, reject) => {
      searches.push({ scene: asked, options, resolve, reject });
    });
  });
});

it('searches each scene once, and remembers what was found', async () => {
  const found = new FoundRegions(changed);
  expect(found.of(scene)).toEqual({ fraction: undefined });
  expect(found.of(scene)).toEqual({ fraction: undefined });
  expect(searches).toHaveLength(1);
  searches[0].resolve(answer);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(found.of(scene)).toEqual({ found: answer });
  found.stop();
  expect(found.of(scene)).toEqual({ found: answer });
  expect(searches).toHaveLength(1);
});

it('tells how far it is once it takes long', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const found = new FoundRegions(changed);
  found.of(scene);
  searches[0].options.onProgress?.({ stage: 'region', fraction: 0.1 });
  expect(changed).not.toHaveBeenCalled();
  now.mockReturnValue(1200);
  searches[0].options.onProgress?.({ stage: 'region', fraction: 0.5 });
  expect(found.of(scene)).toEqual({ fraction: 0.5 });
  now.mockRestore();
});

it('ends the search when another scene is asked about, and begins anew when it comes back', () => {
  const found = new FoundRegions(changed);
  found.of(scene);
  found.of(other);
  expect(searches.map(({ options }) => options.signal?.aborted)).toEqual([true, false]);
  found.of(scene);
  expect(searches.map((search) => search.scene)).toEqual([scene, other, scene]);
  found.stop();
  expect(searches[2].options.signal?.aborted).toBe(true);
});

it('says what went wrong', async () => {
  const found = new FoundRegions(changed);
  found.of(scene);
  searches[0].reject(new Error('no memory'));
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
  expect(found.of(scene)).toMatchObject({ problem: { code: 'out-of-memory' } });
});
