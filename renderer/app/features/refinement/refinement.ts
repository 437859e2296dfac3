import { toSplatError } from '../../../core/errors.ts';
import { countMask } from '../../../core/keep-rows.ts';
import type { CommandId } from '../../../bridge/commands.ts';
import type { RefineSettings } from '../../../project/scene-version.ts';
import { Edits } from '../../document/edits.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { LiveRefinement } from '../../document/live-refinement.ts';
import { ATTRIBUTES, RefinementPanel } from './refinement-panel.ts';
import { RegionControl } from './region-control.ts';
import type { Attribute, RefinementFacts } from './refinement-panel.ts';

/** Keys on a slider that follow each other within this time are one step of the history. */
const SAME_GESTURE_MS = 1500;

/** Strength, switches and extent of a refinement, changed at once and without another run. */
export class RefinementFeature implements Feature {
  readonly commands: Feature['commands'];
  readonly panel: NonNullable<Feature['panel']>;
  private readonly live: LiveRefinement;
  private readonly view: RefinementPanel;
  private readonly region: RegionControl;
  private isShown = false;
  private gesture = 0;
  private lastChosenMs = -Infinity;
  private changes = Promise.resolve();

  constructor(private readonly context: AppContext) {
    const { document, actions } = context;
    const edits = new Edits(document, actions);
    this.live = new LiveRefinement(document);
    this.region = new RegionControl(context);
    this.view = new RefinementPanel(
      {
        refine: () => context.run('refine.run'),
        strengthGrabbed: () => (this.lastChosenMs = -Infinity),
        strengthMoved: (percent) => this.showStrength(percent),
        strengthChosen: (percent) => this.chooseStrength(percent),
        switched: (attribute, isOn) => this.turn(attribute, isOn),
        limit: (extent) => this.limit(extent),
        keep: () => context.run('refine.keep'),
      },
      this.region.section.element,
    );
    this.commands = {
      'refine.selection': () => this.refineSelection(),
      'refine.keep': () => edits.keepRefined(),
    };
    this.panel = {
      id: 'refinement',
      title: 'Refinement',
      icon: 'sliders',
      command: 'panel.refinement',
      element: this.view.element,
      shown: () => {
        this.isShown = true;
        this.region.isOpen = true;
        this.showPanel();
      },
      hidden: () => {
        this.isShown = false;
        this.region.isOpen = false;
      },
    };
    document.watch((state, before) => {
      if (
        state.refined !== before.refined ||
        state.selection !== before.selection ||
        state.original !== before.original ||
        (state.job === undefined) !== (before.job === undefined)
      )
        this.showPanel();
    });
  }

  state(): FeatureState {
    const { refined, selection, job } = this.context.document.state;
    const disabled: CommandId[] = [];
    if (selection === undefined || job !== undefined || !this.context.models.isAvailable)
      disabled.push('refine.selection');
    if (refined === undefined || job !== undefined) disabled.push('refine.keep');
    return { disabled, checked: [] };
  }

  private inTurn(body: () => Promise<void> | void): void {
    this.changes = this.changes
      .then(body)
      .catch((error: unknown) =>
        this.context.actions.report(toSplatError(error, 'out-of-memory', 'The refinement could not be changed')),
      );
  }

  /** One change after the other, so that each is a step of its own. */
  private change(patchOf: (settings: RefineSettings) => Partial<RefineSettings>, label: string): void {
    this.inTurn(() => {
      const { settings } = this.live;
      if (settings === undefined) return undefined;
      this.live.show({ ...settings, ...patchOf(settings) });
      return this.live.keep(() => label);
    });
  }

  private showStrength(percent: number): void {
    const { settings } = this.live;
    if (settings !== undefined) this.live.show({ ...settings, strength: percent / 100 });
  }

  private chooseStrength(percent: number): void {
    const nowMs = performance.now();
    if (nowMs - this.lastChosenMs > SAME_GESTURE_MS) this.gesture++;
    this.lastChosenMs = nowMs;
    const key = `strength ${this.gesture}`;
    // Shown at once; a key held down need not wait until each of its steps was kept.
    this.showStrength(percent);
    this.inTurn(() => this.live.keep(({ strength }) => `Set Strength to ${Math.round(strength * 100)} %`, key));
  }

  private turn(attribute: Attribute, isOn: boolean): void {
    const name = ATTRIBUTES.find(([id]) => id === attribute)?.[1] ?? '';
    this.change(
      ({ switches }) => ({ switches: { ...switches, [attribute]: isOn } }),
      `Turn ${name} ${isOn ? 'On' : 'Off'}`,
    );
  }

  private limit(extent: 'everything' | 'selection'): void {
    const { selection } = this.context.document.state;
    if (extent === 'everything') this.change(() => ({ mask: undefined }), 'Refine Everywhere');
    else if (selection !== undefined) this.change(() => ({ mask: selection }), 'Refine Only the Selection');
  }

  /** A refinement by the same model is only limited anew. */
  private refineSelection(): void {
    const { actions, models } = this.context;
    const { selection, refined } = this.context.document.state;
    if (selection === undefined) return;
    if (refined !== undefined && refined.modelId === models.current?.id) this.limit('selection');
    else void actions.refine(selection);
  }

  private showPanel(): void {
    if (!this.isShown) return;
    const { original, job } = this.context.document.state;
    this.view.show(this.facts(), original !== undefined && job === undefined && this.context.models.isAvailable);
  }

  private facts(): RefinementFacts | undefined {
    const { original, refined, selection } = this.context.document.state;
    const { settings } = this.live;
    if (original === undefined || refined === undefined || settings === undefined) return undefined;
    const { mask } = settings;
    return {
      percent: Math.round(settings.strength * 100),
      switches: settings.switches,
      splats: original.count,
      masked: mask === undefined ? undefined : countMask(mask),
      otherSelection: selection === undefined || selection === mask ? undefined : countMask(selection),
      description: refined.description,
      seconds: refined.seconds,
      figures: refined.figures,
    };
  }
}
