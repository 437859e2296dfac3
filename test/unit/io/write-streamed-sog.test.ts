import { expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { sourceFromFiles } from '../../../renderer/io/source.ts';
import { encodeWhole } from '../../encoded-bytes.ts';
import { randomScene } from './fixtures.ts';

/** Harmonics that follow from the place, so that it can be told whose they are, in coarser levels too. */
const harmonic = (scene: SplatScene, row: number): number => scene.positions[3 * row] / 40;

it('gives each splat of each level its own harmonics', { timeout: 180_000 }, async () => {
  const scene = randomScene(4000, 1);
  for (let row = 0; row < scene.count; row++) scene.shRest.fill(harmonic(scene, row), 9 * row, 9 * row + 9);
  const { bytes, beside = [] } = await encodeWhole(scene, 'streamed-sog');
  const files = Object.fromEntries(beside.map((file) => [file.path, file.bytes]));
  const levels = Object.keys(files).filter((path) => path.endsWith('/meta.json'));
  const { counts } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly counts: readonly number[] };
  expect(counts).toEqual([4000, 1000]);
  for (const manifest of levels) {
    const folder = manifest.slice(0, -'meta.json'.length);
    const own = Object.entries(files).filter(([path]) => path.startsWith(folder));
    const level = await readScene(
      sourceFromFiles('meta.json', Object.fromEntries(own.map(([path, part]) => [path.slice(folder.length), part]))),
    );
    const apart = Array.from({ length: level.count }, (_, row) =>
      Math.abs(level.shRest[9 * row] - harmonic(level, row)),
    );
    // Of splats that were merged, harmonics and places are not meant alike.
    expect(apart.reduce((sum, value) => sum + value, 0) / level.count).toBeLessThan(0.02);
  }
  expect(levels.length).toBeGreaterThan(1);
});
