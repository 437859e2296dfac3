import { expect, it } from 'vitest';
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
