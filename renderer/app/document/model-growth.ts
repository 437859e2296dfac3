import { formatBytes, formatCount } from '../../core/units.ts';
import { shRestCount } from '../../core/splat-scene.ts';
import type { ShDegree, SplatScene } from '../../core/splat-scene.ts';
import { sceneBytesOnGpu } from '../../gpu/gpu-scene.ts';
import { FRAME_BYTES_A_SPLAT } from '../../gpu/scratch.ts';
import type { RefineManifest } from '../../refine/manifest.ts';

/** What a model of several copies makes of a scene, in splats and bytes. */
export interface Growth {
  readonly splatsBefore: number;
  readonly splatsAfter: number;
  /** Both scenes and what drawing the larger one takes. */
  readonly gpuBytes: number;
  /** The answer as an INRIA PLY. */
  readonly fileBytes: number;
  /** Main memory at the peak of the run, estimated. */
  readonly memoryBytes: number;
}

/**
 * How many times the answer's size is alive at the peak: scene and residuals where the network runs (2.5 times as
 * measured on 2.3 million
 * splats), on their way, and in the page.
 */
const ANSWERS_AT_PEAK = 6.5;

/** Size of a refined scene before the run. Exact for the GPU and the file, an estimate from above for main memory. */
export function growthOf(
  scene: Pick<SplatScene, 'count' | 'shDegree'>,
  model: Pick<RefineManifest, 'copies' | 'shDegree'>,
): Growth {
  const after = scene.count * model.copies;
  const degree = Math.max(scene.shDegree, model.shDegree) as ShDegree;
  const rest = 3 * shRestCount(degree);
  return {
    splatsBefore: scene.count,
    splatsAfter: after,
    gpuBytes:
      sceneBytesOnGpu(scene.count, scene.shDegree) + sceneBytesOnGpu(after, degree) + after * FRAME_BYTES_A_SPLAT,
    // 17 numbers and the higher coefficients: zero normals are part of the format.
    fileBytes: after * (17 + rest) * 4,
    memoryBytes: after * (14 + rest) * 4 * ANSWERS_AT_PEAK,
  };
}

/** What this machine can hold. */
export interface Capacity {
  readonly splatsAtOnce: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Why the answer can't be held (`forbidding`: the run is refused), or may only just be (`warning`). Sentences. */
export function obstacles(
  growth: Growth,
  { splatsAtOnce, freeBytes, totalBytes }: Capacity,
): { readonly forbidding: readonly string[]; readonly warning: readonly string[] } {
  const forbidding: string[] = [];
  const warning: string[] = [];
  if (growth.splatsAfter > splatsAtOnce)
    forbidding.push(`The graphics card draws at most ${formatCount(splatsAtOnce)} splats at once.`);
  if (growth.memoryBytes > totalBytes) forbidding.push(`This machine has ${formatBytes(totalBytes)} of memory in all.`);
  else if (growth.memoryBytes > freeBytes)
    warning.push(`Only ${formatBytes(freeBytes)} of memory are free now: close other programs first.`);
  return { forbidding, warning };
}
