import { sceneBounds } from '../../../camera/scene-bounds.ts';
import { CHANGES, changeTicks } from '../../../compare/change.ts';
import { ChangeMap } from '../../../compare/change-map.ts';
import { heatTicks } from '../../../compare/heat.ts';
import { HEAT_COLOUR_MAPS } from '../../../gpu/passes/compare.ts';
import type { DocumentState } from '../../document/document.ts';
import { el } from '../../ui/dom.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { MODES, MODE_COMMANDS, type CompareMode } from '../../window/compare-modes.ts';
import { SplitDivider } from '../../ui/divider.ts';
import { Legend, type LegendContent } from './legend.ts';
import { ModeBar } from './mode-bar.ts';
import { ComparePanel } from './panel.ts';
import {
  FIRST_SETTINGS,
  pictureOf,
  settingsOf,
  storedSettings,
  type CompareSettings,
  type ScenePair,
} from './settings.ts';
import { Sweep } from './sweep.ts';
import { BeforeAfterTags } from './tags.ts';

/** Before and after together: split, side by side, as a heat map, in turns, and what happened to each splat. */
export class CompareFeature implements Feature {
  readonly commands: Feature['commands'];
  readonly panel: NonNullable<Feature['panel']>;
  readonly kept: NonNullable<Feature['kept']>;
  private settings = FIRST_SETTINGS;
  private flickerShows: 'before' | 'after' = 'before';
  /** False from the moment the flicker changes sides until that is on screen. */
  private isFlickerDrawn = true;
  private flickerTag: 'before' | 'after' = 'before';
  private flickerTimer: ReturnType<typeof setInterval> | undefined;
  private measuring = false;
  private mapValues: Float32Array | undefined;
  private isPanelShown = false;
  private readonly changes = new ChangeMap((scene) => sceneBounds(scene).radius);
  private readonly reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  private readonly layer = el('div', { class: 'compare-layer' });
  private readonly divider = new SplitDivider({
    label: 'Line between before and after',
    first: 'before',
    moved: (splitPosition) => this.change({ splitPosition }),
  });
  private readonly bar: ModeBar;
  private readonly tags = new BeforeAfterTags();
  private readonly legend = new Legend();
  private readonly view: ComparePanel;
  private readonly sweep = new Sweep(() => this.update());
  /** The first refinement is shown by a sweep; who has seen one knows how to compare. */
  private hasSwept = false;

  constructor(private readonly context: AppContext) {
    this.bar = new ModeBar(context.platform, context.run);
    this.view = new ComparePanel({
      choose: (mode) => this.choose(mode),
      change: (patch) => this.change(patch),
      fit: () => {
        this.changes.fit();
        this.change({ changeScale: 1 });
      },
      refine: () => context.run('refine.run'),
    });
    this.panel = {
      id: 'compare',
      title: 'Compare',
      icon: 'compare',
      command: 'panel.compare',
      element: this.view.element,
      shown: () => {
        this.isPanelShown = true;
        this.showPanel();
      },
      hidden: () => (this.isPanelShown = false),
    };
    this.commands = {
      ...Object.fromEntries(
        MODES.map((mode) => [MODE_COMMANDS[mode], () => this.choose(this.settings.mode === mode ? undefined : mode)]),
      ),
      'compare.turn': () =>
        this.change({ direction: this.settings.direction === 'vertical' ? 'horizontal' : 'vertical' }),
    };
    this.kept = {
      id: 'compare',
      read: () => storedSettings(this.settings),
      restore: (value) => {
        const { mode, ...settings } = settingsOf(value);
        this.change(settings);
        this.choose(this.pair() === undefined ? undefined : mode);
      },
    };
    this.layer.append(this.divider.element, ...this.tags.elements, this.bar.element);
    context.overlay.append(this.layer);
    context.corner.append(this.legend.element);
    this.reducedMotion.addEventListener('change', () => {
      if (this.reducedMotion.matches && this.settings.mode === 'flicker') this.choose(undefined);
      else this.update();
    });
    context.viewport.watchFrames(() => this.frameDrawn());
    context.document.watch((state, before) => this.documentChanged(state, before));
    this.update();
  }

  state(): FeatureState {
    const { mode, direction } = this.settings;
    const isOffered = this.pair() !== undefined && this.context.viewport.isReady;
    const hasLine = mode === 'split' || mode === 'sideBySide';
    return {
      disabled: [
        ...(isOffered ? [] : MODES.map((candidate) => MODE_COMMANDS[candidate])),
        ...(this.reducedMotion.matches ? [MODE_COMMANDS.flicker] : []),
        ...(isOffered && hasLine ? [] : ['compare.turn' as const]),
      ],
      checked: [
        ...(mode === undefined ? [] : [MODE_COMMANDS[mode]]),
        ...(direction === 'horizontal' ? ['compare.turn' as const] : []),
      ],
    };
  }

  /** Escape goes back to the plain picture, unless it has a job to cancel. */
  key(event: KeyboardEvent): boolean {
    if (
      event.type !== 'keydown' ||
      event.key !== 'Escape' ||
      this.settings.mode === undefined ||
      this.context.document.state.job !== undefined
    )
      return false;
    this.choose(undefined);
    return true;
  }

  private choose(mode: CompareMode | undefined): void {
    if (mode === 'flicker' && this.reducedMotion.matches) return;
    this.flickerShows = 'before';
    this.isFlickerDrawn = true;
    this.change({ mode });
  }

  private change(patch: Partial<CompareSettings>): void {
    const before = this.settings;
    this.settings = { ...before, ...patch };
    if (patch.mode !== undefined || patch.flickerHertz !== undefined || 'mode' in patch) this.setTimer();
    if (patch.changeKind !== undefined || patch.changeScale !== undefined || 'mode' in patch)
      this.mapValues = undefined;
    this.update();
    if (before.mode !== this.settings.mode || before.direction !== this.settings.direction) this.context.refresh();
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    const isSame = state.refined === before.refined && state.original === before.original;
    // Whoever flips between before and after wants to see one of them.
    const flipped = isSame && state.shown !== before.shown;
    if (!isSame && state.refined !== undefined && before.refined === undefined) this.sweepOnce(state);
    else if (flipped || !isSame) this.sweep.stop();
    if ((flipped || state.refined === undefined) && this.settings.mode !== undefined) this.choose(undefined);
    else if (!isSame) this.update(false);
    else if ((state.job === undefined) !== (before.job === undefined)) this.showPanel();
  }

  /**
   * Shows what the first refinement did, where motion is welcome and nothing else is compared. In the sample the line
   * stays in the middle: there one is to see what Refine does.
   */
  private sweepOnce({ shown, isSample }: DocumentState): void {
    const { viewport } = this.context;
    if (this.hasSwept || shown !== 'after' || this.settings.mode !== undefined || !viewport.isReady) return;
    this.hasSwept = true;
    if (isSample) this.settings = { ...this.settings, mode: 'split', direction: 'vertical', splitPosition: 0.5 };
    if (!this.reducedMotion.matches) this.sweep.start(isSample ? 0.5 : 0);
    this.context.refresh();
  }

  /** The settings, but for a sweep: its line is that of a split. */
  private get shownSettings(): CompareSettings {
    const { position } = this.sweep;
    if (position === undefined) return this.settings;
    return { ...this.settings, mode: 'split', direction: 'vertical', splitPosition: position };
  }

  private pair(): ScenePair | undefined {
    const { original, refined } = this.context.document.state;
    return original === undefined || refined === undefined ? undefined : { before: original, after: refined.scene };
  }

  /** Brings canvas, overlay and panel into line with the settings and the document. */
  private update(isSameScene = true): void {
    const pair = this.pair();
    const { mode } = this.settings;
    if (mode === 'changes' && pair !== undefined && (this.mapValues === undefined || !isSameScene)) this.measureSoon();
    this.context.picture.compare(
      pair === undefined ? undefined : pictureOf(this.shownSettings, pair, this.mapValues, this.flickerShows),
    );
    this.showOverlay(pair);
    this.showPanel();
  }

  /** Measures before the next frame: many changes of the scene in between count as one. */
  private measureSoon(): void {
    if (this.measuring) return;
    this.measuring = true;
    requestAnimationFrame(() => {
      this.measuring = false;
      const pair = this.pair();
      if (pair === undefined || this.settings.mode !== 'changes') return;
      this.changes.measure(pair.before, pair.after, this.settings.changeKind);
      this.mapValues = this.changes.mapValues(this.settings.changeScale);
      this.update();
    });
  }

  private setTimer(): void {
    clearInterval(this.flickerTimer);
    this.flickerTimer = undefined;
    if (this.settings.mode !== 'flicker') return;
    this.flickerTag = this.flickerShows;
    this.flickerTimer = setInterval(() => {
      // A slow graphics card flickers more slowly; the word never runs ahead of the picture.
      if (!this.isFlickerDrawn) return;
      this.isFlickerDrawn = false;
      this.flickerShows = this.flickerShows === 'before' ? 'after' : 'before';
      this.update();
    }, 500 / this.settings.flickerHertz);
  }

  private frameDrawn(): void {
    if (this.isFlickerDrawn || this.settings.mode !== 'flicker') return;
    this.isFlickerDrawn = true;
    this.flickerTag = this.flickerShows;
    this.tags.show(this.settings, this.flickerTag, this.layer);
  }

  private showOverlay(pair: ScenePair | undefined): void {
    const settings = this.shownSettings;
    this.bar.show(pair !== undefined, this.settings.mode, !this.reducedMotion.matches);
    this.layer.toggleAttribute('data-sweeping', this.sweep.position !== undefined);
    if (pair === undefined || settings.mode === undefined) {
      this.divider.hide();
      this.tags.hide();
      this.legend.show(undefined);
      return;
    }
    if (settings.mode === 'split') this.divider.show(settings.direction, settings.splitPosition);
    else this.divider.hide();
    this.tags.show(settings, this.flickerTag, this.layer);
    this.legend.show(this.legendContent());
  }

  private legendContent(): LegendContent | undefined {
    const { mode, measure, heatLargest, changeKind, changeScale } = this.settings;
    if (mode === 'heat') {
      const title = measure === 'signed' ? 'After is darker or lighter by' : 'Difference of brightness';
      return { title, map: HEAT_COLOUR_MAPS[measure], ticks: heatTicks(measure, heatLargest) };
    }
    if (mode !== 'changes' || this.mapValues === undefined) return undefined;
    const info = CHANGES[changeKind];
    return { title: info.label, map: info.map, ticks: changeTicks(info, this.changes.largest(changeScale)) };
  }

  private showPanel(): void {
    if (!this.isPanelShown) return;
    const { state } = this.context.document;
    const pair = this.pair();
    const summary =
      this.settings.mode === 'changes' && this.mapValues !== undefined
        ? this.changes.summary(this.settings.changeScale)
        : undefined;
    this.view.show({
      isOffered: pair !== undefined,
      canRefine: state.original !== undefined && state.job === undefined,
      canFlicker: !this.reducedMotion.matches,
      settings: this.settings,
      splats: pair?.after.count ?? 0,
      changes:
        summary === undefined ? undefined : { summary, largest: this.changes.largest(this.settings.changeScale) },
    });
  }
}
