import type { Bounds } from '../core/bounds.ts';
import { boundingBox, unionOf } from '../core/bounds.ts';
import { saysSomething } from '../core/extra-columns.ts';
import { countUndrawable } from '../core/drawable.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { createScene, SCENE_ARRAYS, arrayWidth } from '../core/splat-scene.ts';
import type { FileStage } from '../core/stages.ts';
import { sampleStep } from '../core/up-sample.ts';
import type { SceneRanges } from './scene-ranges.ts';
import { ROWS_AT_A_TIME } from './scene-ranges.ts';
import { nothingToDraw } from './source.ts';

/** What is told of a scene without holding it. */
export interface SceneSurvey {
  /** Splats that can't be drawn, see `isDrawable`. */
  readonly undrawable: number;
  /** Box around all finite splat centres, counted from the scene's origin; null where there is none. */
  readonly bounds: Bounds | null;
  /** Names of the file's own columns that say something. */
  readonly columns: readonly string[];
  /** Evenly spaced splats, from which `resolveUp` tells what it tells of the whole scene. */
  readonly sample: SplatScene;
}

/**
 * Reads all of a scene once, range by range.
 * @throws SplatError what reading throws; `invalid-file` where no splat can be drawn; `cancelled`
 */
export async function surveyScene(
  scene: SceneRanges,
  { signal, onProgress }: JobOptions<FileStage> = {},
): Promise<SceneSurvey> {
  const { count, shDegree, meta } = scene;
  const step = sampleStep(count);
  const sample = createScene(Math.ceil(count / step), shDegree, meta);
  const columns = new Set<string>();
  let undrawable = 0;
  let bounds: Bounds | null = null;
  for (let start = 0; start < count; start += ROWS_AT_A_TIME) {
    const rows = await scene.read(start, Math.min(ROWS_AT_A_TIME, count - start));
    undrawable += countUndrawable(rows);
    bounds = unionOf(bounds, boundingBox(rows));
    for (const column of rows.extra ?? []) if (saysSomething(column)) columns.add(column.name);
    for (let at = Math.ceil(start / step); at * step < start + rows.count; at++)
      copyRow(rows, at * step - start, sample, at);
    onProgress?.({ stage: 'Reading splats', fraction: (start + rows.count) / count });
    throwIfAborted(signal, `Reading ${meta.name}`);
  }
  if (undrawable === count) throw nothingToDraw(meta.name, count);
  return { undrawable, bounds, columns: [...columns], sample };
}

function copyRow(from: SplatScene, row: number, to: SplatScene, at: number): void {
  for (const name of SCENE_ARRAYS) {
    const width = arrayWidth(name, from.shDegree);
    to[name].set(from[name].subarray(row * width, (row + 1) * width), at * width);
  }
}
