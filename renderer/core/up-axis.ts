import type { CameraParameters } from './camera-parameters.ts';
import { captureUp } from './captured-up.ts';
import { estimateUp } from './estimate-up.ts';
import type { SplatScene } from './splat-scene.ts';
import type { UpAxis } from './up-axes.ts';
import { axisAlong } from './up-axes.ts';

/** How an up axis came about. */
export type UpSource = 'chosen' | 'file' | 'cameras' | 'estimate' | 'format';

/** The axis that is up in a scene, as viewer, refinement, batch and command line take it. */
export interface ResolvedUp {
  readonly axis: UpAxis;
  readonly source: UpSource;
  /** Whether a person may rely on it; otherwise it is worth a question. */
  readonly isSure: boolean;
}

/** What is known of a scene's up axis beside its file. */
export interface UpKnowledge {
  /** What a person chose. */
  readonly chosen?: UpAxis | undefined;
  /** The capture's cameras, in the scene's own axes. */
  readonly cameras?: readonly CameraParameters[] | undefined;
}

/** How likely an estimate must be to be relied on, where colours by direction tell of the cameras and without them. */
const SURE = { colours: 0.8, shape: 0.95 } as const;
/** From here on an estimate is a better guess than the axis that most files of a format have. */
const LIKELY = 0.5;

/** How likely the axis in use must be, in parts of the likeliest one's, lest the splats contradict it. */
const LEAST_SUPPORT = 0.3;

/**
 * Resolves the one up axis of a scene: what a person chose, else what the file declares, else what its cameras held
 * upright, else what the splats tell, else what files of its format mostly have.
 */
export function resolveUp(scene: SplatScene, { chosen, cameras = [] }: UpKnowledge = {}): ResolvedUp {
  const { up, upIsGuessed } = scene.meta;
  if (chosen !== undefined) return { axis: chosen, source: 'chosen', isSure: true };
  if (upIsGuessed !== true) return { axis: up, source: 'file', isSure: true };
  const direction = cameras.length === 0 ? undefined : captureUp(cameras);
  const held = direction === undefined ? undefined : axisAlong(direction);
  if (held !== undefined) return { axis: held, source: 'cameras', isSure: true };
  const estimate = estimateUp(scene);
  if (estimate === undefined || estimate.likelihood < LIKELY) return { axis: up, source: 'format', isSure: false };
  const isSure = estimate.likelihood >= SURE[estimate.evidence];
  return { axis: estimate.axis, source: 'estimate', isSure };
}

/**
 * Whether an axis may well be wrong: nothing tells it, or the splats speak against it, whoever named it. Of 111 lone
 * objects as made captures the right axis is doubted in one; of their 555 wrong axes six are not.
 */
export function isDoubted(scene: SplatScene, { axis, isSure }: ResolvedUp): boolean {
  if (!isSure) return true;
  const estimate = estimateUp(scene);
  return estimate !== undefined && estimate.likelihoods[axis] < LEAST_SUPPORT * estimate.likelihood;
}

/** Whether neither a person, nor the file, nor its cameras named the axis. */
export function isAssumed({ source }: Pick<ResolvedUp, 'source'>): boolean {
  return source === 'estimate' || source === 'format';
}

/** The scene as files are to name its axis; one that is assumed is named by none. */
export function withUp<Scene extends Pick<SplatScene, 'meta'>>(
  scene: Scene,
  up: Pick<ResolvedUp, 'axis' | 'source'>,
): Scene {
  return { ...scene, meta: { ...scene.meta, up: up.axis, upIsGuessed: isAssumed(up) } };
}

/** Where an axis came from, in words that follow it. */
export function upSourceText({ source, isSure }: Pick<ResolvedUp, 'source' | 'isSure'>): string {
  switch (source) {
    case 'chosen':
      return 'as chosen';
    case 'file':
      return 'as the file says';
    case 'cameras':
      return 'from the cameras';
    case 'estimate':
      return isSure ? 'estimated from the splats' : 'a guess from the splats';
    case 'format':
      return 'a guess, as most files of this format have it';
  }
}
