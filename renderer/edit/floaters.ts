import { isDrawable } from '../core/drawable.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { vec3, type Vec3 } from '../core/vector.ts';
import type { SplatMask } from './selection.ts';
import { BLOCK_SIDE, Gaussian, VoxelGrid } from './voxels.ts';

/** Splats between two progress reports. */
const REPORT_ROWS = 8192;

/**
 * Which splats count as floaters.
 * `faint`: those that add next to nothing wherever the scene is solid: haze in empty space.
 * `detached`: whatever does not hang together with the main body, solid or not.
 */
export type FloaterKind = 'faint' | 'detached';

export interface FloaterOptions {
  readonly kind: FloaterKind;
  /** Voxels that span the scene's radius: more are finer. */
  readonly voxelsPerRadius: number;
  /** A voxel is solid above this opacity, 0..1. */
  readonly solidOpacity: number;
  /** Where the bulk of the scene lies, world units. */
  readonly bounds: { readonly centre: Vec3; readonly radius: number };
}

/** Splats further out than this many radii would make the voxel grid too large; they are left as they are. */
const FAR_RADII = 6;
/** Opacity that a splat must add in the middle of a solid voxel to belong to it. */
const LEAST_FAINT = 1 / 255;
const LEAST_DETACHED = 0.1;
/** A splat wider than this many voxels must fill this share of its box, so that a long spike's tip does not save it. */
const LARGE_VOXELS = 2;
const LARGE_SHARE = 0.1;

/**
 * Finds floaters by voxels. The rules are those of splat-transform's filterFloaters and filterCluster, except that the
 * main body is the largest one; the library itself computes every splat for every voxel and on a GPU alone, which takes
 * minutes for a small scene where the adapter is software. Splats that can't be drawn at all (NaN, infinite) are found
 * too; splats far outside the scene, and very large ones such as a sky, never are.
 * @returns (N) 1 for each splat that would go
 * @throws SplatError `out-of-memory`
 */
export function findFloaters(scene: SplatScene, options: FloaterOptions, job: JobOptions = {}): SplatMask {
  const { bounds, kind, voxelsPerRadius, solidOpacity } = options;
  const found = new Uint8Array(scene.count);
  const near: number[] = [];
  for (let row = 0; row < scene.count; row++) {
    if (!isDrawable(scene, row)) found[row] = 1;
    else if (isWithinReach(scene, row, bounds)) near.push(row);
  }
  if (near.length === 0) return found;
  const rows = Int32Array.from(near);
  const grid = gridAround(scene, rows, bounds.radius / voxelsPerRadius);
  grid.add(scene, rows, job);
  const solid = grid.solid(solidOpacity);
  const body = kind === 'faint' ? solid : grid.largestPart(solid);
  const gaussian = new Gaussian(scene);
  for (let i = 0; i < rows.length; i++) {
    if (i % REPORT_ROWS === 0) job.onProgress?.({ stage: 'Looking for floaters', fraction: i / rows.length });
    gaussian.take(rows[i]);
    const belongs =
      kind === 'faint'
        ? grid.touches(gaussian, body, LEAST_FAINT, 1)
        : grid.touches(gaussian, body, LEAST_DETACHED, hitsFor(gaussian, grid.voxel));
    if (!belongs) found[rows[i]] = 1;
  }
  return found;
}

function hitsFor({ extent }: Gaussian, voxel: number): number {
  if (Math.max(...extent) * 2 <= LARGE_VOXELS * voxel) return 1;
  return Math.max(
    1,
    Math.ceil(((2 * extent[0]) / voxel) * ((2 * extent[1]) / voxel) * ((2 * extent[2]) / voxel) * LARGE_SHARE),
  );
}

/** An empty grid around splats and their reach, its blocks on multiples of their own size as the library's are. */
function gridAround(scene: SplatScene, rows: Int32Array, voxel: number): VoxelGrid {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  const gaussian = new Gaussian(scene);
  for (const row of rows) {
    gaussian.take(row);
    for (let k = 0; k < 3; k++) {
      min[k] = Math.min(min[k], scene.positions[3 * row + k] - gaussian.extent[k]);
      max[k] = Math.max(max[k], scene.positions[3 * row + k] + gaussian.extent[k]);
    }
  }
  const block = BLOCK_SIDE * voxel;
  return new VoxelGrid(
    vec3((k) => Math.floor(min[k] / block) * block),
    vec3((k) => max[k]),
    voxel,
  );
}

/** Whether the splat's centre and size lie within the reach of the voxel grid. */
function isWithinReach(scene: SplatScene, row: number, { centre, radius }: FloaterOptions['bounds']): boolean {
  const { positions: p, logScales: s } = scene;
  const reach = FAR_RADII * radius;
  const size = Math.exp(Math.max(s[3 * row], s[3 * row + 1], s[3 * row + 2]));
  return (
    Math.hypot(p[3 * row] - centre[0], p[3 * row + 1] - centre[1], p[3 * row + 2] - centre[2]) <= reach &&
    3 * size <= radius
  );
}
