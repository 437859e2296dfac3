import { bench, describe } from 'vitest';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { randomScene } from '../../unit/io/fixtures.ts';

// Run: npx vitest bench --project unit test/bench/io
const options = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 };
const scene = randomScene(1_000_000, 3);
const bytes = await encodedBytes(scene, 'inria-ply');
const lib = await import('@playcanvas/splat-transform');

describe('PLY of 1,000,000 splats, SH degree 3, 248 MB in memory', () => {
  bench(
    'readScene',
    async () => {
      await readScene(sourceFromBytes('a.ply', bytes));
    },
    options,
  );

  bench(
    'splat-transform, to its table of columns',
    async () => {
      const files = new lib.MemoryReadFileSystem();
      files.set('a.ply', bytes);
      const [chunks] = await lib.readFile({ filename: 'a.ply', inputFormat: 'ply', fileSystem: files });
      await lib.materializeToDataTable(chunks, lib.createChunkDataPool());
      await chunks.close();
    },
    options,
  );

  bench(
    'encodeScene inria-ply',
    async () => {
      await encodedBytes(scene, 'inria-ply');
    },
    options,
  );

  bench(
    'encodeScene spz',
    async () => {
      await encodedBytes(scene, 'spz');
    },
    { ...options, iterations: 1, warmupIterations: 0 },
  );

  bench(
    'encodeScene compressed-ply',
    async () => {
      await encodedBytes(scene, 'compressed-ply');
    },
    { ...options, iterations: 1, warmupIterations: 0 },
  );
});
