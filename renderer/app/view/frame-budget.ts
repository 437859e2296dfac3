import type { CameraParameters } from '../../core/camera-parameters.ts';
import { SplatError } from '../../core/errors.ts';
import { coveredPixels } from '../../core/overdraw.ts';
import type { SplatScene } from '../../core/splat-scene.ts';

/** Pixels of splats that one submission may cover: a fraction of the time after which a system takes a device away. */
const COVERED_BY_CARD = 4e9;
const COVERED_BY_CPU = 2.5e8;
/** A picture with fewer pixels a side than this share shows nothing. */
const LEAST_SCALE = 0.1;

/** How many splats a frame may have. */
export interface SplatBudgets {
  /** While the camera moves, of scenes that have more and levels of detail. */
  readonly moving: number;
  /** Scenes of more are drawn reduced: systems take the device away over frames of many seconds. */
  readonly whole: number;
  /**
   * Scenes of no more than this are drawn whole after all, once they were seen reduced and the view rests, as parts
   * keep such a frame from occupying the device for long. Absent where frames have no parts.
   */
  readonly patient?: number;
  /** What is drawn of such scenes at rest. */
  readonly reduced: number;
  /**
   * What is drawn of a large scene while the camera moves and it has no levels of detail yet; absent where the whole of
   * it takes little longer.
   */
  readonly sketch?: number;
  /**
   * What is drawn at a time of a frame at rest, a multiple of QUADS_PER_INSTANCE: a camera that moves on ends it
   * between two parts. Absent where a frame is over soon.
   */
  readonly part?: number;
}

const BUDGETS_BY_CARD: SplatBudgets = { moving: 2e6, whole: 4e7, reduced: 1e7 };
/** Of few cores, which draw a frame of `whole` in some ten seconds. */
const BUDGETS_BY_CPU: SplatBudgets = {
  moving: 1e5,
  whole: 2e6,
  patient: 5e6,
  reduced: 1e6,
  sketch: 1e5,
  part: 65_536,
};
const FEW_CORES = 4;

/**
 * @param splatsAtOnce that the device can draw
 * @param cores that draw where the adapter is software
 */
export function splatBudgets(isSoftware: boolean, splatsAtOnce: number, cores: number): SplatBudgets {
  const budgets = isSoftware ? BUDGETS_BY_CPU : BUDGETS_BY_CARD;
  const growth = isSoftware ? Math.max(1, cores / FEW_CORES) : 1;
  const { whole, patient, reduced } = budgets;
  return {
    ...budgets,
    whole: Math.min(growth * whole, splatsAtOnce),
    reduced: Math.min(reduced, splatsAtOnce),
    ...(patient === undefined ? {} : { patient: Math.min(growth * patient, splatsAtOnce) }),
  };
}

/** A capture's surroundings are large splats too: whether these belong to the scene is for a person to say. */
const STRAYS =
  'If they are strays that do not belong to it, select them by their size in the Edit panel and delete them.';

/** What of a picture can be drawn at once. */
export interface Affordable {
  /** Share of the whole picture's width and height, 0 where not even a coarse picture can be drawn. */
  readonly scale: number;
  /** What to tell a person, where it is less than everything. */
  readonly problem?: SplatError;
}

/** Pixels of splats that a device may be asked for at once. */
export function coverageBudget(isSoftware: boolean): number {
  return isSoftware ? COVERED_BY_CPU : COVERED_BY_CARD;
}

/** How much of a picture of scenes can be drawn, before any of it is: giants could occupy the device for minutes. */
export function affordable(scenes: readonly SplatScene[], camera: CameraParameters, budget: number): Affordable {
  const covered = scenes.reduce((sum, scene) => sum + coveredPixels(scene, camera), 0);
  if (covered <= budget) return { scale: 1 };
  const scale = Math.sqrt(budget / covered);
  if (scale >= LEAST_SCALE)
    return {
      scale,
      problem: new SplatError(
        'gpu-error',
        'Very large splats cover this view many times over, so it is drawn with fewer pixels.',
        `It is sharp again where less of them is in view, and in pictures that you save. ${STRAYS}`,
      ),
    };
  return {
    scale: 0,
    problem: new SplatError(
      'gpu-error',
      "Very large splats cover this view so often that drawing it would take minutes, so it isn't shown from here.",
      `Look at it from elsewhere. ${STRAYS}`,
    ),
  };
}
