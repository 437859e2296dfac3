import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { finiteRows, normalizationOf, normalizedPositions, writeFeatures } from '../../renderer/refine/features.ts';
import { publishedSidecar, splatWidth } from '../../renderer/refine/manifest.ts';
import { sightOf } from '../../renderer/refine/sight.ts';

const RUNS = 3;

/** Times what the views around scenes see, the best of three in processor time: node test/bench/run.mjs sight SCENE… */
export async function main(paths: readonly string[]): Promise<void> {
  const { quaternions } = publishedSidecar('splatformer', 1);
  for (const path of paths) {
    const source = await openFileSource(path);
    const scene = await readScene(source).finally(() => source.close());
    const rows = finiteRows(scene);
    const normalization = normalizationOf(scene.positions, rows, 'boundingBox');
    const all = Int32Array.from({ length: rows.length }, (_, i) => i);
    const stride = splatWidth(1);
    const features = writeFeatures(scene, rows, normalizedPositions(scene.positions, rows, normalization), all, normalization, { quaternions, colour: 'sh', shDegree: 1 }, stride);
    let shortest = Infinity;
    for (let run = 0; run < RUNS; run++) {
      const before = process.cpuUsage();
      await sightOf(features, stride, () => Promise.resolve());
      const { user, system } = process.cpuUsage(before);
      shortest = Math.min(shortest, (user + system) / 1e6);
    }
    process.stdout.write(`${path}: ${rows.length} splats, ${shortest.toFixed(2)} s\n`);
  }
}
