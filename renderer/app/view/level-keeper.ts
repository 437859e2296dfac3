import type { DetailLevels } from '../../core/detail-levels.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { SplatScene } from '../../core/splat-scene.ts';

/** A scene that was shown for so long is worth levels of detail: sliders and undo make scene after scene. */
const SHOWN_MS = 1000;

export interface LevelKeeperOptions {
  readonly make: (scene: SplatScene, options: JobOptions) => Promise<DetailLevels>;
  /** The levels of the scene that is shown are made. */
  readonly onMade: () => void;
  /** Why there are none; the scene is shown all the same. */
  readonly onFailed: (error: unknown) => void;
}

/** Has levels of detail made for the scene that is shown and keeps those of scenes that may come back. */
export class LevelKeeper {
  private scene: SplatScene | undefined;
  private readonly made = new Map<SplatScene, DetailLevels>();
  private making: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LevelKeeperOptions) {}

  /**
   * Takes the scene that is shown, undefined where it needs no levels. Levels of scenes that are not in `kept` are let
   * go.
   */
  want(scene: SplatScene | undefined, kept: readonly SplatScene[]): void {
    for (const known of this.made.keys()) if (known !== scene && !kept.includes(known)) this.made.delete(known);
    if (scene === this.scene) return;
    this.scene = scene;
    this.making?.abort();
    clearTimeout(this.timer);
    if (scene !== undefined && !this.made.has(scene)) this.timer = setTimeout(() => void this.make(scene), SHOWN_MS);
  }

  /** The levels of a scene, once they are made. */
  of(scene: SplatScene | undefined): DetailLevels | undefined {
    return scene && this.made.get(scene);
  }

  /** Lets go of the levels of the scene that is shown, and makes no others for it. */
  refuse(): void {
    if (this.scene !== undefined) this.made.delete(this.scene);
  }

  private async make(scene: SplatScene): Promise<void> {
    const making = new AbortController();
    this.making = making;
    try {
      const levels = await this.options.make(scene, { signal: making.signal });
      if (making.signal.aborted) return;
      this.made.set(scene, levels);
      this.options.onMade();
    } catch (error) {
      if (!making.signal.aborted) this.options.onFailed(error);
    }
  }
}
