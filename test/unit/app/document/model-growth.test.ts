import { describe, expect, test } from 'vitest';
import { growthOf, obstacles } from '../../../../renderer/app/document/model-growth.ts';
import { createScene } from '../../../../renderer/core/splat-scene.ts';
import { encodedBytes } from '../../../encoded-bytes.ts';

const meta = { antialiased: false, up: 'y', format: 'inria-ply', name: 'x' } as const;

describe('the size of an answer before the run', () => {
  test('20 copies at degree 3: as large a file as is written, to the header', async () => {
    const growth = growthOf({ count: 1000, shDegree: 1 }, { copies: 20, shDegree: 3 });
    expect(growth).toMatchObject({ splatsBefore: 1000, splatsAfter: 20_000 });
    const file = await encodedBytes(createScene(20_000, 3, meta), 'inria-ply');
    expect(file.length - growth.fileBytes).toBeGreaterThan(0);
    expect(file.length - growth.fileBytes).toBeLessThan(2000);
    // Splat and harmonics planes of both scenes, records, keys and values, histograms.
    expect(growth.gpuBytes).toBe(1000 * (2 + 1) * 16 + 20_000 * ((2 + 3) * 16 + 20 + 16 + 0.25));
    expect(growth.memoryBytes).toBe(20_000 * 59 * 4 * 6.5);
  });

  test('a scene of higher degree than the model keeps it', () => {
    expect(growthOf({ count: 10, shDegree: 3 }, { copies: 2, shDegree: 1 }).fileBytes).toBe(20 * 62 * 4);
  });
});

describe('obstacles', () => {
  const growth = growthOf({ count: 100_000, shDegree: 3 }, { copies: 20, shDegree: 3 });
  const ample = { splatsAtOnce: 20_000_000, freeBytes: 16e9, totalBytes: 32e9 };

  test('none on a large machine', () => {
    expect(obstacles(growth, ample)).toEqual({ forbidding: [], warning: [] });
  });

  test('the graphics card and all of the memory forbid, the free memory warns', () => {
    expect(obstacles(growth, { ...ample, splatsAtOnce: 1_000_000 }).forbidding).toEqual([
      'The graphics card draws at most 1,000,000 splats at once.',
    ]);
    expect(obstacles(growth, { ...ample, freeBytes: 1e9, totalBytes: 2e9 }).forbidding).toEqual([
      'This machine has 2 GB of memory in all.',
    ]);
    expect(obstacles(growth, { ...ample, freeBytes: 1e9 })).toEqual({
      forbidding: [],
      warning: ['Only 1 GB of memory are free now: close other programs first.'],
    });
  });
});
