import { describe, expect, it, vi } from 'vitest';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { dataBytes, dataPath } from '../../test-data.ts';

async function open(path: string): Promise<SplatScene> {
  const source = await openFileSource(dataPath(`cases/lod_sky/${path}`));
  return readScene(source).finally(() => source.close());
}

it('the environment of a streamed SOG is read with its finest level', async () => {
  const [all, sky] = [await open('lod-meta.json'), await open('env/meta.json')];
  expect(sky.count).toBeGreaterThan(0);
  expect(all.count).toBe(984 + sky.count);
  expect(all.positions.subarray(984 * 3)).toEqual(sky.positions);
});

it('of blocks that exist at a coarser level only, that one is read', async () => {
  const block = (lods: object): object => ({ bound: {}, lods });
  const manifest = {
    version: 1,
    lodLevels: 2,
    filenames: ['1_0/meta.json', '0_0/meta.json'],
    tree: {
      children: [
        block({ '0': { file: 1, offset: 0, count: 500 }, '1': { file: 0, offset: 0, count: 100 } }),
        block({ '1': { file: 0, offset: 100, count: 194 } }),
      ],
    },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  const source = {
    ...sourceFromBytes('lod-meta.json', bytes),
    sibling: (path: string) => Promise.resolve(sourceFromBytes(path, dataBytes(`cases/lod_sky/${path}`))),
  };
  const [scene, fine, coarse] = [await readScene(source), await open('0_0/meta.json'), await open('1_0/meta.json')];
  expect(scene.count).toBe(694);
  const places = new Set(
    [...scene.logitOpacities.keys()].map((i) => scene.positions.subarray(3 * i, 3 * i + 3).join()),
  );
  for (let i = 0; i < 500; i++) expect(places.has(fine.positions.subarray(3 * i, 3 * i + 3).join())).toBe(true);
  for (let i = 100; i < 294; i++) expect(places.has(coarse.positions.subarray(3 * i, 3 * i + 3).join())).toBe(true);
});

describe('the preview of a streamed SOG', () => {
  const sky = 'env/meta.json';

  /** A folder whose tree counts so many splats that it gets a preview: of 984 splats, each in 600 blocks. */
  function large(blocks: number, coarse: object) {
    const opened: string[] = [];
    const block = { lods: { '0': { file: 0, count: 984 }, '1': coarse } };
    const filenames = ['0_0/meta.json', '1_0/meta.json', 'lost/meta.json'];
    const children = Array<object>(blocks).fill(block);
    const manifest = { version: 1, lodLevels: 2, filenames, environment: sky, tree: { children } };
    const source = {
      ...sourceFromBytes('lod-meta.json', new TextEncoder().encode(JSON.stringify(manifest))),
      sibling: (path: string) => {
        opened.push(path);
        return Promise.resolve(sourceFromBytes(path, dataBytes(`cases/lod_sky/${path}`)));
      },
    };
    return { source, opened };
  }

  it('is that of its coarsest levels and the environment, before anything else is read', async () => {
    const { source, opened } = large(600, { file: 1, offset: 7, count: 100 });
    let openedBefore: readonly string[] = [];
    const onPreview = vi.fn<(preview: SplatScene) => void>(() => void (openedBefore = [...opened]));
    const whole = await readScene(source, { onPreview });
    const [all, coarse, around] = [await open('lod-meta.json'), await open('1_0/meta.json'), await open(sky)];
    expect(onPreview).toHaveBeenCalledOnce();
    expect(openedBefore.some((path) => path.startsWith('0_0/'))).toBe(false);
    const preview = onPreview.mock.lastCall?.[0];
    expect(preview?.meta).toEqual(whole.meta);
    expect(preview?.count).toBe(100 + around.count);
    expect(preview?.positions.subarray(0, 300)).toEqual(coarse.positions.subarray(21, 321));
    expect(preview?.positions.subarray(300)).toEqual(around.positions);
    expect(whole.positions).toEqual(all.positions);
  });

  it('is missing where its levels are lost, hold little less than the whole or the scene is small', async () => {
    const onPreview = vi.fn();
    for (const [blocks, coarse] of [
      [600, { file: 2, count: 100 }],
      [600, { file: 9, count: 100 }],
      [600, { file: 1, count: 100_000 }],
      [600, { file: 1, count: 290 }],
      [500, { file: 1, count: 100 }],
    ] as const)
      expect((await readScene(large(blocks, coarse).source, { onPreview })).count).toBe(
        (await open('lod-meta.json')).count,
      );
    expect(onPreview).not.toHaveBeenCalled();
  });
});
