import type { DetailLevels } from '../../core/detail-levels.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { LevelKeeper } from './level-keeper.ts';
import type { Picture } from './picture.ts';

/** Scenes of fewer times the splats that a moving frame should have are drawn as they are. */
const LARGE_BUDGETS = 2;

/** Levels of detail that are drawn in the place of a picture's one scene, and of how many splats at most. */
export interface DrawnDetail {
  readonly levels: DetailLevels;
  readonly budget: number;
}

/** Decides whether a frame is drawn from levels of detail: while the camera moves, and where the scene is large. */
export class FrameDetail {
  private movingBudget = Infinity;
  /** The last frame lacks detail, so that it must be drawn anew once the view rests. */
  isCoarse = false;

  constructor(private readonly levels: LevelKeeper) {}

  /**
   * Takes what is shown, and scenes that may come back.
   * @param movingBudget splats that a frame should have at most while the camera moves; Infinity without a device
   */
  show(picture: Picture, kept: readonly SplatScene[], movingBudget: number): void {
    this.movingBudget = movingBudget;
    const scene = picture.kind === 'scene' ? picture.scene : undefined;
    const isLarge = scene !== undefined && scene.count > LARGE_BUDGETS * movingBudget;
    this.levels.want(isLarge ? scene : undefined, kept);
  }

  /** What the next frame is drawn from; undefined for the picture's scenes themselves. */
  next(picture: Picture, isMoving: boolean): DrawnDetail | undefined {
    const levels = isMoving ? this.levelsOf(picture) : undefined;
    this.isCoarse = levels !== undefined;
    return levels && { levels, budget: this.movingBudget };
  }

  /** Levels of the scene of a picture, where it has one and they are made. */
  levelsOf(picture: Picture): DetailLevels | undefined {
    return picture.kind === 'scene' ? this.levels.of(picture.scene) : undefined;
  }

  /** The device has no room for the levels that were drawn. */
  refuse(): void {
    this.levels.refuse();
  }
}
