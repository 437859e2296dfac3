import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../../renderer/core/progress.ts';
import {
  decimateInWorker,
  describeModelInWorker,
  encodeInBackground,
  findFloatersInWorker,
  findRegionInWorker,
  loadModelInWorker,
  parseSceneInWorker,
} from '../../../renderer/workers/scene-client.ts';
import { wholeContent } from '../../../renderer/io/file-content.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { bitsOf, randomScene, SOG_FILES } from '../io/fixtures.ts';
import { dataBytes } from '../../test-data.ts';
import { ballInRoom } from '../refine/made-scenes.ts';
import { referenceSidecar, referenceTensors } from '../../models/reference-models.ts';
import { writeCheckpoint } from '../../models/write-checkpoint.ts';
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
    const bytes = await wholeContent((await encodeInBackground(scene, 'inria-ply')).content);
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

describe('checkpoints', () => {
  const checkpoint = () => ({
    bytes: new Uint8Array(writeCheckpoint(referenceTensors.small())),
    sidecar: referenceSidecar('small'),
    name: 'small.pth',
  });

  it('are described and decoded, their bytes staying usable', async () => {
    const file = checkpoint();
    expect(await describeModelInWorker(file)).toMatchObject({ kind: 'splatformer', copies: 1, inputs: 23 });
    const { manifest, graphs, weights } = await loadModelInWorker(file);
    expect(manifest.inputs).toBe(23);
    for (const { length } of [graphs.all, graphs.occupied, weights]) expect(length).toBeGreaterThan(1000);
    expect(file.bytes.length).toBeGreaterThan(1000);
  });

  it('fail with the name that their reader gave', async () => {
    const file = { ...checkpoint(), sidecar: null };
    await expect(describeModelInWorker(file)).rejects.toMatchObject({ name: 'SplatError', code: 'model-invalid' });
  });

  it.each([
    ['describing', describeModelInWorker, 30],
    ['decoding', loadModelInWorker, 120],
  ] as const)('whose %s never ends are ended, by cancelling or by time', async (_, read, seconds) => {
    vi.useFakeTimers();
    try {
      vi.stubGlobal('Worker', SilentWorker);
      const abort = new AbortController();
      const cancelled = expect(read(checkpoint(), { signal: abort.signal })).rejects.toMatchObject({
        code: 'cancelled',
        message: 'Reading small.pth was cancelled.',
      });
      abort.abort();
      await cancelled;
      const late = expect(read(checkpoint())).rejects.toMatchObject({
        code: 'model-invalid',
        message: `The checkpoint small.pth can't be read: it takes longer than ${seconds} seconds.`,
      });
      vi.advanceTimersByTime(seconds * 1000);
      await late;
      expect([SilentWorker.made, SilentWorker.ended, vi.getTimerCount()]).toEqual([2, 2, 0]);
    } finally {
      vi.useRealTimers();
      [SilentWorker.made, SilentWorker.ended] = [0, 0];
    }
  });
});

it('says that a scene is too large to be copied, and ends the worker', async () => {
  [SilentWorker.made, SilentWorker.ended] = [0, 0];
  vi.stubGlobal(
    'Worker',
    class extends SilentWorker {
      override postMessage(): void {
        throw new DOMException('Data cannot be cloned, out of memory.', 'DataCloneError');
      }
    },
  );
  const decimating = decimateInWorker(randomScene(10, 0), 5);
  await expect(decimating).rejects.toMatchObject({ code: 'out-of-memory' });
  await expect(decimating).rejects.toThrow(/^Decimating failed: it works on a copy of the scene/);
  expect([SilentWorker.made, SilentWorker.ended]).toEqual([1, 1]);
});

/** A worker that a file keeps busy for ever. */
class SilentWorker {
  static made = 0;
  static ended = 0;

  constructor() {
    SilentWorker.made++;
  }

  postMessage(): void {}

  terminate(): void {
    SilentWorker.ended++;
  }
}
