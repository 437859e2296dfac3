import { ResidualBlend } from '../../refine/residual-blend.ts';
import type { RefineResiduals } from '../../refine/residuals.ts';
import { runBlend } from './blend-scene.ts';
import type { RefineSettings, Refinement } from '../../project/scene-version.ts';
import type { SceneDocument } from './document.ts';

/** A hidden window draws no frames; the next step then comes all the same. */
const LONGEST_FRAME_MS = 100;

/**
 * Shows a refinement under other settings while they change, and keeps them as one step of the history. Buffers are
 * used again from one
 * picture to the next; a picture at a time, and of settings that come faster than pictures only the last.
 */
export class LiveRefinement {
  private blend: { readonly of: RefineResiduals; readonly blend: ResidualBlend } | undefined;
  private wanted: RefineSettings | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly document: SceneDocument) {
    // The buffers are as large as the scene: they go with it.
    document.watch(({ refined }) => {
      if (this.blend !== undefined && refined?.residuals !== this.blend.of) this.blend = undefined;
    });
  }

  /** Settings on their way to the screen, or on it. */
  get settings(): RefineSettings | undefined {
    return this.wanted ?? this.document.state.refined?.settings;
  }

  /** Shows the refinement under these settings as soon as it can. */
  show(settings: RefineSettings): void {
    if (this.document.state.refined === undefined) return;
    this.wanted = settings;
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /**
   * Keeps what is shown as a step of the history, once it is: `labelOf` says what it did, the same `key` in a row is
   * one step.
   */
  async keep(labelOf: (settings: RefineSettings) => string, key?: string): Promise<void> {
    await this.running;
    const { refined, history } = this.document.state;
    const before = history?.steps[history.index].state.refined;
    if (refined === undefined || before === undefined || refined.settings === before.settings) return;
    const scene = this.blend?.of === refined.residuals ? this.blend.blend.take() : refined.scene;
    this.document.step(labelOf(refined.settings), { refined: { ...refined, scene } }, { key, shown: 'after' });
  }

  private async run(): Promise<void> {
    let shown: RefineSettings | undefined;
    while (this.wanted !== undefined && this.wanted !== shown) {
      const settings = this.wanted;
      const { original, refined } = this.document.state;
      if (original === undefined || refined === undefined) break;
      if (this.blend?.of !== refined.residuals)
        this.blend = { of: refined.residuals, blend: new ResidualBlend(original, refined.residuals) };
      const { blend } = this.blend;
      blend.start(settings);
      await runBlend(blend);
      // Undo or another scene may have come in between.
      if (this.document.state.refined?.residuals !== refined.residuals) break;
      const live: Refinement = { ...refined, scene: blend.result, settings };
      this.document.update({ refined: live, shown: 'after' });
      shown = settings;
      await nextFrame();
    }
    this.wanted = undefined;
  }
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_FRAME_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
