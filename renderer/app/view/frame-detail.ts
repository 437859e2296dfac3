import type { DetailLevels } from '../../core/detail-levels.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { SplatBudgets } from './frame-budget.ts';
import type { LevelKeeper } from './level-keeper.ts';
import { isPreview, scenesOf } from './picture.ts';
import type { Picture } from './picture.ts';
import { SampledPictures } from './sampled-pictures.ts';

/** Scenes of fewer times the splats that a moving frame should have are drawn as they are. */
const LARGE_BUDGETS = 2;

/** Levels of detail that are drawn in the place of a picture's one scene. */
export interface DrawnDetail {
  readonly levels: DetailLevels;
  /** The scene that they are levels of. */
  readonly of: SplatScene;
  /** Splats of this frame at most, besides those of levels that fade. */
  readonly budget: number;
  /** Splats of any frame at most. */
  readonly most: number;
  /** Whether a change of level takes several frames: others follow. */
  readonly fades: boolean;
}

/** What a frame is drawn from. */
export interface FrameContent {
  readonly picture: Picture;
  readonly detail?: DrawnDetail;
  /** It is seen soonest with few pixels: the adapter is slow, and something better follows. */
  readonly isDraft?: boolean;
  /** It lacks splats that a frame has which is drawn with patience while the view rests. */
  readonly isForNow?: boolean;
}

/**
 * Decides what a frame is drawn from: of large scenes levels of detail while the camera moves, of scenes that are too
 * large for a frame at once levels at rest, too, and samples until there are levels or where there can't be. A scene
 * that was just opened counts as moving, so where whole frames are slow a sketch of it is seen first.
 */
export class FrameDetail {
  private budgets: SplatBudgets | undefined;
  private picture: Picture = { kind: 'scene', scene: undefined };
  /** Splats that were too many, whatever the budgets say. */
  private provenTooLarge = Infinity;
  private samples = new SampledPictures(Infinity);
  private sketches = new SampledPictures(Infinity);
  /** The last frame lacks detail that the next one has once the view rests. */
  isCoarse = false;

  constructor(private readonly levels: LevelKeeper) {}

  /**
   * Takes what is shown, and scenes that may come back.
   * @param budgets of the device; undefined while there is none
   */
  show(picture: Picture, kept: readonly SplatScene[], budgets: SplatBudgets | undefined): void {
    if (budgets?.reduced !== this.budgets?.reduced) this.samples = new SampledPictures(budgets?.reduced ?? Infinity);
    if (budgets?.sketch !== this.budgets?.sketch) this.sketches = new SampledPictures(budgets?.sketch ?? Infinity);
    this.picture = picture;
    this.budgets = budgets;
    const scene = picture.kind === 'scene' ? picture.scene : undefined;
    this.levels.want(this.isLarge(scene) ? scene : undefined, kept);
  }

  /** Whether what is shown is too large to be drawn whole at once. */
  get isReduced(): boolean {
    return scenesOf(this.picture).some((scene) => this.isTooLarge(scene));
  }

  /**
   * What the next frame is drawn from.
   * @param isPatient it may take as long as it needs, after one that is `isForNow`
   */
  next(isMoving: boolean, isPatient = false): FrameContent {
    const { picture } = this;
    const isForNow = !isMoving && this.isReduced && this.canWait;
    if (!isForNow) return this.atOnce(isMoving);
    if (!isPatient) return { ...this.atOnce(isMoving), isForNow };
    this.isCoarse = false;
    return { picture };
  }

  /** Decides what a frame without patience is drawn from. */
  private atOnce(isMoving: boolean): FrameContent {
    const { picture, budgets } = this;
    const levels = this.levelsShown;
    const scene = picture.kind === 'scene' ? picture.scene : undefined;
    const isSketched = isMoving && levels === undefined && this.isSlow(scene);
    this.isCoarse = isMoving && (levels !== undefined || isSketched);
    if (isPreview(picture)) return { picture, isDraft: budgets?.sketch !== undefined };
    if (isSketched) return { picture: this.sketches.pictureOf(picture), isDraft: true };
    if (levels === undefined || budgets === undefined || scene === undefined)
      return { picture: this.isReduced ? this.samples.pictureOf(picture) : picture };
    if (!this.isReduced && !isMoving) return { picture };
    const { moving, reduced } = budgets;
    return {
      picture: this.isReduced ? { kind: 'scene', scene: levels.scene } : picture,
      detail: {
        levels,
        of: scene,
        budget: isMoving ? moving : reduced,
        most: Math.max(moving, reduced),
        fades: isMoving,
      },
    };
  }

  /** Levels of what is shown, where it is one scene and they are made. */
  get levelsShown(): DetailLevels | undefined {
    return this.picture.kind === 'scene' ? this.levels.of(this.picture.scene) : undefined;
  }

  /** The scenes that are drawn in the place of these, and those of them that are drawn themselves. */
  drawnFor(scenes: readonly SplatScene[]): readonly SplatScene[] {
    return scenes.flatMap((scene) => {
      if (!this.isTooLarge(scene)) return [scene];
      const sample = this.samples.sampleOf(scene);
      return this.canWaitFor(scene) ? [sample, scene] : [sample];
    });
  }

  /** Takes it that the device can't draw all of a scene, however long that takes. */
  loseWhole({ count }: SplatScene): void {
    this.provenTooLarge = Math.min(this.provenTooLarge, count);
  }

  /** The device has no room for the levels that were drawn. */
  refuse(): void {
    this.levels.refuse();
  }

  /**
   * Takes it that the device can't draw the picture whole, nor any of as many splats. Says whether less can be drawn:
   * no less than reduced, and of a small scene it is not their number that is too much.
   */
  reduce(): boolean {
    const { budgets } = this;
    const most = Math.max(...scenesOf(this.picture).map(({ count }) => count));
    if (budgets === undefined || this.isReduced || most <= budgets.reduced) return false;
    this.provenTooLarge = most;
    return true;
  }

  private isLarge(scene: SplatScene | undefined): boolean {
    return scene !== undefined && this.budgets !== undefined && scene.count > LARGE_BUDGETS * this.budgets.moving;
  }

  /** Whether a whole frame takes so long that a sketch comes before it. */
  private isSlow(scene: SplatScene | undefined): boolean {
    return this.isLarge(scene) && this.budgets?.sketch !== undefined;
  }

  /** Whether what is shown is drawn whole after all while the view rests. */
  private get canWait(): boolean {
    const { picture } = this;
    return picture.kind === 'scene' && picture.scene !== undefined && this.canWaitFor(picture.scene);
  }

  private canWaitFor({ count }: SplatScene): boolean {
    return count < this.provenTooLarge && count <= (this.budgets?.patient ?? 0);
  }

  private isTooLarge({ count }: SplatScene): boolean {
    return count >= this.provenTooLarge || (this.budgets !== undefined && count > this.budgets.whole);
  }
}
