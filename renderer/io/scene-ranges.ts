import type { ShDegree, SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import type { ResolvedUp } from '../core/up-axis.ts';
import { withUp } from '../core/up-axis.ts';
import { rowRange } from '../core/splat-scene.ts';

/** A scene that is read a range of rows at a time, wherever it lies: nothing of it has to be in memory as a whole. */
export interface SceneRanges {
  /** Splats. */
  readonly count: number;
  readonly shDegree: ShDegree;
  readonly meta: SplatSceneMeta;
  /**
   * The splats from index `first` on, `count` of them, as a scene of their own. All ranges have the same columns,
   * normals of zero among them.
   * @throws SplatError as `readScene`
   */
  read(first: number, count: number): Promise<SplatScene>;
}

/** `withUp` of a scene in ranges. */
export function rangesWithUp(scene: SceneRanges, up: ResolvedUp): SceneRanges {
  const read = async (first: number, count: number): Promise<SplatScene> => withUp(await scene.read(first, count), up);
  return { ...withUp(scene, up), read };
}

/** Rows that are read at a time; of SH degree 3 with normals they are 4 MB. */
export const ROWS_AT_A_TIME = 16384;

/** A scene in memory as ranges, which share its arrays. */
export function rangesOf(scene: SplatScene): SceneRanges {
  const { count, shDegree, meta } = scene;
  return { count, shDegree, meta, read: (first, rows) => Promise.resolve(rowRange(scene, first, rows)) };
}
