import { RowGatherer, countMask } from '../../core/keep-rows.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { splats } from '../../core/units.ts';
import type { FloaterOptions } from '../../edit/floaters.ts';
import { redoLabel, undoLabel } from '../../edit/history.ts';
import type { Combination, SplatMask } from '../../edit/selection.ts';
import { combineMasks, fullMask, invertMask, keepMaskRows } from '../../edit/selection.ts';
import type { Refinement, SceneVersion } from '../../project/scene-version.ts';
import { keepResidualRows } from '../../refine/residuals.ts';
import { decimateInWorker, findFloatersInWorker, findVeilInWorker } from '../../workers/scene-client.ts';
import type { Actions } from './actions.ts';
import { blendScene, runInBatches } from './blend-scene.ts';
import { finalScene, isAligned } from './document.ts';
import type { SceneDocument } from './document.ts';

/** Splats that a clean-up would take away, or a scene that it would put in place. Nothing has changed yet. */
export type CleanUp =
  | { readonly kind: 'remove'; readonly label: string; readonly for: SplatScene; readonly gone: SplatMask }
  | {
      readonly kind: 'replace';
      readonly label: string;
      readonly for: SplatScene;
      readonly gone: SplatMask;
      readonly scene: SplatScene;
    };

/** Everything that changes the open scene besides refining it. Each change is a step that can be undone. */
export class Edits {
  constructor(
    private readonly document: SceneDocument,
    private readonly actions: Actions,
  ) {}

  undo(): void {
    const { history } = this.document.state;
    const label = history === undefined ? undefined : undoLabel(history);
    if (history === undefined || label === undefined) return;
    this.document.goTo(history.index - 1);
    this.document.say(`Undid: ${label}.`);
  }

  redo(): void {
    const { history } = this.document.state;
    const label = history === undefined ? undefined : redoLabel(history);
    if (history === undefined || label === undefined) return;
    this.document.goTo(history.index + 1);
    this.document.say(`Redid: ${label}.`);
  }

  /** The scene that selections look at: what is on screen where its splats are the original's, else the original. */
  get selectable(): SplatScene | undefined {
    const { original, refined, shown } = this.document.state;
    if (original === undefined) return undefined;
    return refined !== undefined && shown === 'after' && isAligned(original, refined) ? refined.scene : original;
  }

  /** Selects what was found, or changes the selection by it. */
  select(found: SplatMask, how: Combination, label: string): void {
    this.setSelection(combineMasks(this.document.state.selection, found, how), label);
  }

  selectAll(): void {
    const { original } = this.document.state;
    if (original !== undefined) this.setSelection(fullMask(original.count), 'Select All');
  }

  selectNone(): void {
    if (this.document.state.selection !== undefined) this.document.step('Select None', { selection: undefined });
  }

  invertSelection(): void {
    const { original, selection } = this.document.state;
    if (original !== undefined)
      this.setSelection(selection === undefined ? fullMask(original.count) : invertMask(selection), 'Invert Selection');
  }

  private setSelection(mask: SplatMask, label: string): void {
    const count = countMask(mask);
    this.document.step(label, { selection: count === 0 ? undefined : mask });
    this.document.say(count === 0 ? 'No splats are selected.' : `${splats(count)} selected.`);
  }

  async deleteSelected(): Promise<void> {
    const { selection } = this.document.state;
    if (selection !== undefined) await this.keepOnly(invertMask(selection), `Delete ${splats(countMask(selection))}`);
  }

  async keepSelected(): Promise<void> {
    const { selection } = this.document.state;
    if (selection !== undefined) await this.keepOnly(selection, `Keep ${splats(countMask(selection))}`);
  }

  /** Takes away every splat of the original whose `keep` is 0; a refinement goes on living on those that are left. */
  async keepOnly(keep: SplatMask, label: string): Promise<void> {
    const { original, refined, selection } = this.document.state;
    if (original === undefined) return;
    const count = countMask(keep);
    if (count === 0) return this.document.complain('That would delete every splat. Select fewer first.');
    if (count === original.count) return this.document.say('No splats were deleted.');
    const kept = await this.actions.job('edit', 'Deleting splats', (job) => keepScenes(original, refined, keep, job));
    if (kept === undefined) return;
    const keptSelection = selection === undefined ? undefined : keepMaskRows(selection, keep);
    // Undo, a slider or another scene may have come in between: the step would bring back what is gone.
    if (this.document.state.original !== original || this.document.state.refined !== refined) {
      return this.document.complain('No splats were deleted, because the scene changed meanwhile. Try again.');
    }
    this.document.step(label, {
      original: kept.original,
      refined: kept.refined,
      selection: keptSelection === undefined || countMask(keptSelection) === 0 ? undefined : keptSelection,
    });
    this.document.say(`${splats(original.count - count)} deleted; ${splats(count)} left.`);
  }

  /** Makes the refined scene the original: the next refinement starts from it. */
  keepRefined(): void {
    const { refined } = this.document.state;
    if (refined === undefined) return;
    this.document.step(
      'Set as New Original',
      { original: refined.scene, refined: undefined, selection: undefined },
      { shown: 'before' },
    );
    this.document.say('The refined scene is the original now; Refine starts from it.');
  }

  /** Finds floaters on the final scene; undefined where that failed or was cancelled. */
  async findFloaters(options: FloaterOptions): Promise<CleanUp | undefined> {
    return this.findFloating('Finding floaters', (scene, job) => findFloatersInWorker(scene, options, job));
  }

  /**
   * Finds what hides the subject of the final scene from where none of the open cameras stood; undefined where that
   * failed, was cancelled, or no cameras are open.
   * @param mostSeen see `VeilOptions`
   */
  async findVeil(mostSeen: number): Promise<CleanUp | undefined> {
    const cameras = this.actions.capturedCameras();
    if (cameras === undefined) return undefined;
    const { up } = this.document.state;
    return this.findFloating('Looking from where no camera stood', (scene, job) =>
      findVeilInWorker(scene, { cameras, up: up?.axis ?? scene.meta.up, mostSeen }, job),
    );
  }

  private async findFloating(
    what: string,
    find: (scene: SplatScene, job: JobOptions) => Promise<SplatMask>,
  ): Promise<CleanUp | undefined> {
    const { original, refined } = this.document.state;
    if (original === undefined) return undefined;
    const scene = refined !== undefined && isAligned(original, refined) ? refined.scene : original;
    const gone = await this.actions.job('edit', what, (job) => find(scene, job));
    return gone === undefined
      ? undefined
      : { kind: 'remove', label: `Remove ${splats(countMask(gone), 'Floater')}`, for: scene, gone };
  }

  /** Merges the final scene's splats; undefined where that failed or was cancelled. */
  async decimate(targetCount: number): Promise<CleanUp | undefined> {
    const scene = finalScene(this.document.state);
    if (scene === undefined) return undefined;
    const merged = await this.actions.job('edit', 'Decimating', (job) => decimateInWorker(scene, targetCount, job));
    return merged === undefined
      ? undefined
      : {
          kind: 'replace',
          label: `Decimate to ${splats(merged.scene.count)}`,
          for: scene,
          gone: merged.gone,
          scene: merged.scene,
        };
  }

  /** Does what a clean-up showed. */
  async apply(cleanUp: CleanUp): Promise<void> {
    if (cleanUp.kind === 'remove') return this.keepOnly(invertMask(cleanUp.gone), cleanUp.label);
    this.document.step(
      cleanUp.label,
      { original: cleanUp.scene, refined: undefined, selection: undefined },
      { shown: 'before' },
    );
    this.document.say(`Decimated from ${splats(cleanUp.for.count)} to ${splats(cleanUp.scene.count)}.`);
  }
}

/**
 * A scene and its refinement without the splats whose `keep` is 0, made in batches between frames. Throws
 * `cancelled`.
 */
async function keepScenes(
  original: SplatScene,
  refined: Refinement | undefined,
  keep: SplatMask,
  { signal, onProgress }: JobOptions,
): Promise<Pick<SceneVersion, 'original' | 'refined'>> {
  const scenes = new RowGatherer(keep);
  const left = scenes.addScene(original);
  const aligned = refined !== undefined && isAligned(original, refined) ? scenes.addScene(refined.scene) : undefined;
  const parts = refined === undefined ? 1 : 2;
  const gather = (gatherer: RowGatherer, partsDone: number): Promise<void> =>
    runInBatches((rows) => gatherer.advance(rows), 'Deleting', {
      signal,
      onPause: () => onProgress?.({ stage: '', fraction: (partsDone + gatherer.fraction) / parts }),
    });
  await gather(scenes, 0);
  if (refined === undefined) return { original: left, refined };
  const { residuals, gatherer } = keepResidualRows(refined.residuals, keep);
  await gather(gatherer, 1);
  const settings = {
    ...refined.settings,
    mask: refined.settings.mask === undefined ? undefined : keepMaskRows(refined.settings.mask, keep),
  };
  return {
    original: left,
    refined: {
      ...refined,
      scene: aligned ?? (await blendScene(left, residuals, settings, signal)),
      residuals,
      settings,
    },
  };
}
