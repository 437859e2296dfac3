import type { RefineManifest } from '../manifest.ts';
import { curveCount, curvesOfStage, rungWidths } from '../network.ts';
import type { Clusters } from './clusters.ts';
import { clusterRows } from './clusters.ts';
import type { CurveCodes } from '../../core/curve-codes.ts';
import { hilbertCodes, parentCodes, zCodes } from '../../core/curve-codes.ts';
import { CellTable } from './neighbours.ts';
import type { PatchMap } from './patches.ts';
import { cutPatches } from './patches.ts';
import { argsort } from '../../core/argsort.ts';

/** One resolution of the network. */
export interface PlanStage {
  /** Rows. */
  readonly count: number;
  /** Three (count, 9) tables; see `CellTable.neighbours`. */
  readonly near: readonly [Int32Array, Int32Array, Int32Array];
  /** One map for each curve that this stage's blocks use, in the order z, z transposed, Hilbert, Hilbert transposed. */
  readonly curves: readonly PatchMap[];
  /** How the stage before was grouped into this one; null at stage 0. */
  readonly clusters: Clusters | null;
}

/** Everything irregular that the network needs, from positions and manifest alone. */
export interface RefinePlan {
  readonly stages: readonly PlanStage[];
}

/**
 * Plans one pass.
 * @param cells (N, 3) grid cells >= 0 of the splats, N >= 1
 * @param depth bits an axis of the whole scene's cells, so that a block of a scene lies on the same curves as the scene
 * The four curves keep their order at every stage: the published code shuffles them at random, also at inference, and
 * its authors recommend fixing them.
 */
export function planPass(cells: Int32Array, depth: number, manifest: RefineManifest): RefinePlan {
  let stageCells = cells;
  let codes: CurveCodes[] = [
    zCodes(cells, false),
    zCodes(cells, true),
    hilbertCodes(cells, depth, false),
    hilbertCodes(cells, depth, true),
  ].slice(0, curveCount);
  let zOrder = argsort(codes[0]);
  const stages: PlanStage[] = [];
  for (let s = 0; s < manifest.encoderChannels.length; s++) {
    let clusters: Clusters | null = null;
    if (s > 0) {
      const shift = Math.round(Math.log2(manifest.strides[s - 1]));
      const { low, high } = codes[0];
      const bits = 3 * shift;
      const same = (a: number, b: number): boolean => high[a] === high[b] && low[a] >>> bits === low[b] >>> bits;
      clusters = clusterRows(zOrder, same, rungWidths(manifest, s));
      stageCells = parentCells(stageCells, clusters.heads, shift);
      codes = codes.map((curve) => parentCodes(curve, (clusters as Clusters).heads, bits));
      // Clusters are numbered along the z curve, so its order is the identity from here on.
      zOrder = Int32Array.from({ length: clusters.count }, (_, i) => i);
    }
    const curves: PatchMap[] = [];
    for (let c = 0; c < curvesOfStage(manifest, s); c++)
      curves.push(cutPatches(c === 0 ? zOrder : argsort(codes[c]), manifest.patchSize));
    stages.push({ count: stageCells.length / 3, near: new CellTable(stageCells).neighbours(), curves, clusters });
  }
  return { stages };
}

function parentCells(cells: Int32Array, heads: Int32Array, shift: number): Int32Array {
  const parents = new Int32Array(heads.length * 3);
  for (let i = 0; i < heads.length; i++)
    for (let axis = 0; axis < 3; axis++) parents[3 * i + axis] = cells[3 * heads[i] + axis] >> shift;
  return parents;
}
