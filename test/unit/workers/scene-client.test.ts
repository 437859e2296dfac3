import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../../renderer/core/progress.ts';
import {
  decimateInWorker,
  encodeSceneInWorker,
  findFloatersInWorker,
  findRegionInWorker,
  parseSceneInWorker,
} from '../../../renderer/workers/scene-client.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { bitsOf, randomScene, SOG_FILES } from '../io/fixtures.ts';
import { dataBytes } from '../../test-data.ts';
import { ballInRoom } from '../refine/made-scenes.ts';
import { LoopbackWorker } from './loopback-worker.ts';

beforeEach(() => {
  LoopbackWorker.scripts = [];
  vi.stubGlobal('Worker', LoopbackWorker);
});
afterEach(() => {
  expect(LoopbackWorker.alive.size).toBe(0);
  vi.unstubAllGlobals();
});

describe('scene tasks', () => {
  it('parses a transferred buffer with progress', async () => {
    const buffer = dataBytes('scenes/3dgs_sr_demo.ply').slice().buffer;
    const progress: Progress[] = [];
    const scene = await parseSceneInWorker(buffer, 'demo.ply', { onProgress: (p) => progress.push(p) });
    expect(scene).toMatchObject({ count: 4255, shDegree: 3, meta: { name: 'demo.ply' } });
    expect(buffer.byteLength).toBe(0);
    expect(progress.at(-1)?.fraction).toBe(1);
    expect(LoopbackWorker.scripts[0]).toMatch(/\/renderer\/workers\/scene-worker\.ts$/);
  });

  it('finds what is refined, with progress', async () => {
    const progress: Progress[] = [];
    const found = await findRegionInWorker(ballInRoom([0, 0, 0]), { onProgress: (p) => progress.push(p) });
    expect(found).toMatchObject({ isSurrounded: true, splats: 2000, drawn: 4000 });
    expect(progress.length).toBeGreaterThan(5);
  });

  it('round trip through encode and a Blob, the scene staying usable', async () => {
    const scene = randomScene(100, 2);
    const { bytes } = await encodeSceneInWorker(scene, 'inria-ply');
    const back = await parseSceneInWorker(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'a.ply');
    for (const name of SCENE_ARRAYS) expect(Buffer.compare(bitsOf(back[name]), bitsOf(scene[name])), name).toBe(0);
    expect(scene.positions.length).toBe(300);
  });

  it('parses a SOG folder by its siblings, and names a missing one', async () => {
    const siblings = Object.fromEntries(
      SOG_FILES.slice(1).map((f) => [f, new Blob([dataBytes(`scenes/playbot/6_0/${f}`) as Uint8Array<ArrayBuffer>])]),
    );
    const manifest = new Blob([dataBytes('scenes/playbot/6_0/meta.json') as Uint8Array<ArrayBuffer>]);
    expect((await parseSceneInWorker(manifest, 'meta.json', { siblings })).count).toBe(1873);
    const incomplete = Object.fromEntries(Object.entries(siblings).filter(([path]) => path !== 'quats.webp'));
    await expect(parseSceneInWorker(manifest, 'meta.json', { siblings: incomplete })).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('quats.webp') as string,
    });
  });

  it('decimates and finds floaters, with progress, the scene staying usable', async () => {
    const scene = randomScene(120, 1);
    const stages = new Set<string>();
    const options = { onProgress: ({ stage }: Progress) => stages.add(stage) };
    const { scene: half, gone } = await decimateInWorker(scene, 60, options);
    expect([half.count, gone.length]).toEqual([60, 120]);
    const floaters = await findFloatersInWorker(
      scene,
      { kind: 'faint', voxelsPerRadius: 32, solidOpacity: 0.5, bounds: { centre: [0, 0, 0], radius: 10 } },
      options,
    );
    expect(floaters).toHaveLength(120);
    expect(stages).toContain('Filling voxels');
    expect(scene.positions).toHaveLength(360);
    const abort = new AbortController();
    const cancelled = decimateInWorker(scene, 60, { signal: abort.signal });
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled', message: 'Decimating was cancelled.' });
  });

  it('hands named errors over with code, message and advice', async () => {
    await expect(parseSceneInWorker(new Blob(['hello']), 'note.txt')).rejects.toMatchObject({
      name: 'SplatError',
      code: 'unknown-format',
      message: expect.stringContaining('note.txt') as string,
      advice: expect.stringContaining('.spz') as string,
    });
  });

  it('cancels at once, before and during a job', async () => {
    await expect(parseSceneInWorker(new Blob(['ply']), 'a.ply', { signal: AbortSignal.abort() })).rejects.toMatchObject(
      { code: 'cancelled' },
    );
    expect(LoopbackWorker.scripts).toEqual([]);
    const abort = new AbortController();
    const job = parseSceneInWorker(
      new Blob([dataBytes('scenes/3dgs_sr_demo.ply') as Uint8Array<ArrayBuffer>]),
      'a.ply',
      { signal: abort.signal, onProgress: () => abort.abort() },
    );
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('reports a worker that dies', async () => {
    const job = parseSceneInWorker(new Blob([dataBytes('scenes/plant.splat') as Uint8Array<ArrayBuffer>]), 'a.splat');
    for (const worker of LoopbackWorker.alive) worker.onerror?.({ message: 'gone' });
    await expect(job).rejects.toMatchObject({
      name: 'SplatError',
      code: 'out-of-memory',
      message: expect.stringContaining('gone') as string,
    });
  });
});
