import type { SessionTensor } from './backend.ts';
import type { RefineManifest } from './manifest.ts';
import { curvesOfWay, inputNames, waysOf } from './network.ts';
import type { RefinePlan } from './plan/plan.ts';
import type { Taps } from './plan/taps.ts';
import { neighbourTaps, occupiedTaps } from './plan/taps.ts';

function ints(data: Int32Array, ...dims: number[]): SessionTensor {
  return { type: 'int32', data, dims };
}

/** The graph's inputs for one pass: a plan and the features of the same rows. @param taps of the graph */
export function feedsOf(
  plan: RefinePlan,
  features: Float32Array,
  manifest: RefineManifest,
  taps: Taps,
): Record<string, SessionTensor> {
  const feeds: Record<string, SessionTensor> = {
    [inputNames.features]: { type: 'float32', data: features, dims: [plan.stages[0].count, manifest.inputs] },
  };
  plan.stages.forEach((stage, s) => {
    if (taps === 'all') {
      stage.near.forEach((table, plane) => (feeds[inputNames.near(s, plane)] = ints(table, stage.count, 9)));
    } else {
      const pairs = occupiedTaps(stage.near, stage.count);
      for (const tap of neighbourTaps) {
        const { rows, neighbours } = pairs[tap];
        feeds[inputNames.tapRows(s, tap)] = ints(rows, rows.length, 1);
        feeds[inputNames.tapNeighbours(s, tap)] = ints(neighbours, neighbours.length);
      }
    }
    stage.curves.forEach((map, c) => {
      feeds[inputNames.order(s, c)] = ints(map.order, map.patches, map.patch);
    });
    const rows = Int32Array.from({ length: stage.count }, (_, row) => row);
    for (const way of waysOf(manifest, s)) {
      for (let c = 0; c < curvesOfWay(manifest, s, way); c++)
        feeds[inputNames.slot(s, c, way)] = ints(stage.curves[c].slot, stage.count);
      feeds[inputNames.rows(s, way)] = ints(rows, stage.count);
    }
    if (stage.clusters === null) return;
    stage.clusters.rungs.forEach(
      ({ members, width }, rung) => (feeds[inputNames.members(s, rung)] = ints(members, members.length / width, width)),
    );
    feeds[inputNames.cluster(s)] = ints(stage.clusters.cluster, stage.clusters.cluster.length);
  });
  return feeds;
}
