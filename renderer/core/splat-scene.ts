import { SplatError } from './errors.ts';
import type { ExtraColumn } from './extra-columns.ts';
import type { Vec3 } from './vector.ts';
import { formatBytes, formatCount } from './units.ts';
import type { UpAxis } from './up-axes.ts';

export type ShDegree = 0 | 1 | 2 | 3;

/** The spherical harmonic of degree 0: a splat's base colour is 0.5 + SH_C0 times its coefficient. */
export const SH_C0 = 0.28209479177387814;

/** Facts about a scene that are not per-splat numbers. */
export interface SplatSceneMeta {
  /** Trained with the mip (anti-aliased) filter: rendering must compensate opacity for the low-pass. */
  readonly antialiased: boolean;
  /** The axis that is up, as the file declares it, else as files of its format mostly have it; see `resolveUp`. */
  readonly up: UpAxis;
  /** The file does not declare it. */
  readonly upIsGuessed?: boolean;
  /**
   * Where the scene's positions are counted from, in world units and double precision; zero where absent. Cameras that
   * meet a scene are counted from there, too (see `localCamera`).
   */
  readonly origin?: Vec3;
  /** Short name of the format the scene was read from, e.g. `inria-ply`. */
  readonly format: string;
  /** File name without folder, for titles and output names. */
  readonly name: string;
  /** SH degree of the file, where it holds more than there was room for, or more than scenes hold. */
  readonly degreeInFile?: ShDegree | 4;
  /** Names of what the file holds beside the splats, which scenes do not: other elements of a PLY, meshes. */
  readonly beside?: readonly string[];
}

/**
 * A 3D Gaussian Splatting scene as struct of arrays, in storage space (nothing activated).
 * Immutable by convention after load: every operation returns a new scene.
 */
export interface SplatScene {
  /** Number of splats, N. */
  readonly count: number;
  readonly shDegree: ShDegree;
  /** (N, 3) xyz, world units, file's own axes, from `meta.origin`. */
  readonly positions: Float32Array;
  /** (N, 3) natural logarithms of the axis scales, log world units. */
  readonly logScales: Float32Array;
  /** (N, 4) rotation quaternions w, x, y, z; not necessarily normalised. */
  readonly quats: Float32Array;
  /** (N) logits of opacity. */
  readonly logitOpacities: Float32Array;
  /** (N, 3) degree-0 spherical harmonics coefficients, rgb. */
  readonly shDc: Float32Array;
  /** (N, K, 3) higher coefficients, coefficient-major then rgb, K = shRestCount(shDegree). */
  readonly shRest: Float32Array;
  /** Columns of the file's own. */
  readonly extra?: readonly ExtraColumn[];
  readonly meta: SplatSceneMeta;
}

/** Names of the arrays of a scene, in the order in which all code goes through them. */
export const SCENE_ARRAYS = ['positions', 'logScales', 'quats', 'logitOpacities', 'shDc', 'shRest'] as const;
export type SceneArray = (typeof SCENE_ARRAYS)[number];

/** Numbers a splat has in each array; `shRest` has `3 * shRestCount(degree)`. */
const FIXED_WIDTHS = { positions: 3, logScales: 3, quats: 4, logitOpacities: 1, shDc: 3 } as const;

/** Numbers a splat has in an array of a scene of this degree. */
export function arrayWidth(name: SceneArray, degree: ShDegree): number {
  return name === 'shRest' ? 3 * shRestCount(degree) : FIXED_WIDTHS[name];
}

/** The arrays of a scene of this degree, each made by `make` from its name and its numbers a splat. */
export function makeSceneArrays(
  degree: ShDegree,
  make: (name: SceneArray, width: number) => Float32Array,
): Record<SceneArray, Float32Array> {
  const one = (name: SceneArray): Float32Array => make(name, arrayWidth(name, degree));
  return {
    positions: one('positions'),
    logScales: one('logScales'),
    quats: one('quats'),
    logitOpacities: one('logitOpacities'),
    shDc: one('shDc'),
    shRest: one('shRest'),
  };
}

/** Number of spherical harmonics coefficients above degree 0: 0, 3, 8, 15. */
export function shRestCount(degree: ShDegree): number {
  return (degree + 1) * (degree + 1) - 1;
}

/** Allocates a zeroed scene of `count` splats. @throws SplatError `out-of-memory` where an array has no room */
export function createScene(count: number, shDegree: ShDegree, meta: SplatSceneMeta): SplatScene {
  const make = (width: number): Float32Array => {
    try {
      return new Float32Array(count * width);
    } catch (error) {
      throw noRoom(count, shDegree, 4 * count * width, error);
    }
  };
  return { count, shDegree, meta, ...makeSceneArrays(shDegree, (_, width) => make(width)) };
}

/** Chromium gives 2 GiB in one piece at most, Node more. */
function noRoom(count: number, shDegree: ShDegree, bytes: number, cause: unknown): SplatError {
  return new SplatError(
    'out-of-memory',
    `${formatCount(count)} splats of SH degree ${shDegree} need ${formatBytes(bytes)} of memory in one piece, ` +
      'which there is not.',
    'Close other programs, or open a scene of fewer splats or of a lower SH degree.',
    { cause },
  );
}

/** The splats from index `first` on, `count` of them, as a scene that shares the arrays of `scene`. */
export function rowRange(scene: SplatScene, first: number, count: number): SplatScene {
  const { shDegree, meta, extra } = scene;
  return {
    count,
    shDegree,
    meta,
    ...makeSceneArrays(shDegree, (name, width) => scene[name].subarray(first * width, (first + count) * width)),
    ...(extra === undefined
      ? {}
      : { extra: extra.map((column) => ({ ...column, values: column.values.subarray(first, first + count) })) }),
  };
}

/** Throws `invalid-file` when an array's length does not fit `count` and `shDegree`. */
export function assertSceneShape(scene: SplatScene): void {
  for (const name of SCENE_ARRAYS) {
    const length = scene.count * arrayWidth(name, scene.shDegree);
    const actual = scene[name].length;
    if (actual !== length)
      throw new SplatError('invalid-file', `Scene array ${name} holds ${actual} numbers where ${length} are needed.`);
  }
}

/** Buffers to transfer with a scene between threads instead of copying them. */
export function sceneTransferables(scene: SplatScene): ArrayBuffer[] {
  const columns = scene.extra?.map(({ values }) => values.buffer) ?? [];
  return [...SCENE_ARRAYS.map((name) => scene[name].buffer as ArrayBuffer), ...columns];
}
