import { SplatError } from './errors.ts';

export type ShDegree = 0 | 1 | 2 | 3;

/** The spherical harmonic of degree 0: a splat's base colour is 0.5 + SH_C0 times its coefficient. */
export const SH_C0 = 0.28209479177387814;

/** Facts about a scene that are not per-splat numbers. */
export interface SplatSceneMeta {
  /** Trained with the mip (anti-aliased) filter: rendering must compensate opacity for the low-pass. */
  readonly antialiased: boolean;
  /** Direction that is up in the file's own axes, as far as the format tells; the viewer may override it. */
  readonly up: 'y' | '-y' | 'z';
  /** Nothing in the file told which way is up: `up` is what files of its format mostly have. */
  readonly upIsGuessed?: boolean;
  /** Short name of the format the scene was read from, e.g. `inria-ply`. */
  readonly format: string;
  /** File name without folder, for titles and output names. */
  readonly name: string;
}

/**
 * A 3D Gaussian Splatting scene as struct of arrays, in storage space (nothing activated).
 * Immutable by convention after load: every operation returns a new scene.
 */
export interface SplatScene {
  /** Number of splats, N. */
  readonly count: number;
  readonly shDegree: ShDegree;
  /** (N, 3) xyz, world units, file's own axes. */
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
  readonly meta: SplatSceneMeta;
}

/** The scene with what somebody told to be up, which files then say; the scene itself where nobody did. */
export function withUp(scene: SplatScene, up: SplatSceneMeta['up'] | undefined): SplatScene {
  return up === undefined ? scene : { ...scene, meta: { ...scene.meta, up, upIsGuessed: false } };
}

/** Number of spherical harmonics coefficients above degree 0: 0, 3, 8, 15. */
export function shRestCount(degree: ShDegree): number {
  return (degree + 1) * (degree + 1) - 1;
}

/** Allocates a zeroed scene of `count` splats. */
export function createScene(count: number, shDegree: ShDegree, meta: SplatSceneMeta): SplatScene {
  return {
    count,
    shDegree,
    positions: new Float32Array(count * 3),
    logScales: new Float32Array(count * 3),
    quats: new Float32Array(count * 4),
    logitOpacities: new Float32Array(count),
    shDc: new Float32Array(count * 3),
    shRest: new Float32Array(count * shRestCount(shDegree) * 3),
    meta,
  };
}

/** Throws `invalid-file` when an array's length does not fit `count` and `shDegree`. */
export function assertSceneShape(scene: SplatScene): void {
  const { count: n } = scene;
  const expected: readonly [keyof SplatScene, number][] = [
    ['positions', n * 3],
    ['logScales', n * 3],
    ['quats', n * 4],
    ['logitOpacities', n],
    ['shDc', n * 3],
    ['shRest', n * shRestCount(scene.shDegree) * 3],
  ];
  for (const [name, length] of expected) {
    const actual = (scene[name] as Float32Array).length;
    if (actual !== length)
      throw new SplatError('invalid-file', `Scene array ${name} holds ${actual} numbers where ${length} are needed.`);
  }
}

/** Buffers to transfer with a scene between threads instead of copying them. */
export function sceneTransferables(scene: SplatScene): ArrayBuffer[] {
  return [scene.positions, scene.logScales, scene.quats, scene.logitOpacities, scene.shDc, scene.shRest].map(
    (a) => a.buffer as ArrayBuffer,
  );
}
