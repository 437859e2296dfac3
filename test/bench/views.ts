import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { column, splatWidth } from '../../renderer/refine/attributes.ts';
import { refinableRows, normalizationOf, normalizedPositions, writeFeatures } from '../../renderer/refine/features.ts';
import { publishedSidecar } from '../../renderer/refine/manifest.ts';
import { coverageGuardWeights } from '../../renderer/refine/coverage-guard.ts';
import { enforceDataConsistency } from '../../renderer/refine/data-consistency.ts';
import { ringCameras } from '../../renderer/refine/ring-cameras.ts';
import { visibilityFeatures } from '../../renderer/refine/visibility.ts';

const ring = ringCameras('consistency');
const RUNS = 3;
const stride = splatWidth(1);
const dcColumns = [0, 1, 2].map((k) => column.features_dc + k);
const noPause = () => Promise.resolve();

/** The best of RUNS, in seconds of processor time. */
async function shortest(job: () => Promise<unknown>): Promise<string> {
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    await job();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return `${best.toFixed(2)} s`;
}

/**
 * Times what is drawn on the CPU before and after the network, node test/bench/run.mjs views SCENE… A change in every
 * splat stands for the network's.
 */
export async function main(paths: readonly string[]): Promise<void> {
  const { quaternions } = publishedSidecar('splatformer', 1);
  for (const path of paths) {
    const source = await openFileSource(path);
    const scene = await readScene(source).finally(() => source.close());
    const rows = refinableRows(scene);
    const normalization = normalizationOf(scene.positions, rows, { normalization: 'boundingBox', quaternions });
    const all = Int32Array.from({ length: rows.length }, (_, i) => i);
    const features = writeFeatures(
      scene,
      rows,
      normalizedPositions(scene.positions, rows, normalization),
      all,
      normalization,
      { quaternions, colour: 'sh', shDegree: 1 },
      stride,
    );
    const after = features.map(
      (value, i) =>
        value +
        (i % stride === column.opacities ? Math.sin(i) : dcColumns.includes(i % stride) ? 0.3 * Math.sin(i) : 0),
    );
    const visibility = await shortest(() => visibilityFeatures(features, stride, null, noPause));
    const guard = await shortest(() => coverageGuardWeights(features, after, stride, noPause));
    const consistency = await shortest(() =>
      enforceDataConsistency({ before: features, after: after.slice(), stride, changed: all, lowViews: ring }, noPause),
    );
    process.stdout.write(
      `${path}: ${rows.length} splats, visibility features ${visibility}, coverage guard ${guard}, ` +
        `data consistency ${consistency}\n`,
    );
  }
}
