import { toSplatError } from '../../../core/errors.ts';
import { countMask } from '../../../core/keep-rows.ts';
import type { CommandId } from '../../../bridge/commands.ts';
import type { RefineSettings } from '../../document/document.ts';
import { Edits } from '../../document/edits.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { LiveRefinement } from '../../document/live-refinement.ts';
import { ATTRIBUTES, RefinementPanel } from './refinement-panel.ts';

/** Keys on a slider that follow each other within this time are one step of the history. */
const SAME_GESTURE_MS = 1500;

/** Strength, switches and place of a refinement, changed at once and without another run. */
export function refinementFeature(context: AppContext): Feature {
  const { document, actions, models } = context;
  const live = new LiveRefinement(document);
  const edits = new Edits(document, actions);
  let gesture = 0;
  let lastChosenMs = -Infinity;
  let changes = Promise.resolve();

  const inTurn = (body: () => Promise<void> | void): void => {
    changes = changes
      .then(body)
      .catch((error: unknown) =>
        actions.report(toSplatError(error, 'out-of-memory', 'The refinement could not be changed')),
      );
  };
  /** One change after the other, so that each is a step of its own. */
  const change = (patchOf: (settings: RefineSettings) => Partial<RefineSettings>, label: string): void =>
    inTurn(() => {
      const { settings } = live;
      if (settings === undefined) return;
      live.show({ ...settings, ...patchOf(settings) });
      return live.keep(() => label);
    });
  const showStrength = (percent: number): void => {
    if (live.settings !== undefined) live.show({ ...live.settings, strength: percent / 100 });
  };
  const chooseStrength = (percent: number): void => {
    const nowMs = performance.now();
    if (nowMs - lastChosenMs > SAME_GESTURE_MS) gesture++;
    lastChosenMs = nowMs;
    const key = `strength ${gesture}`;
    // Shown at once; a key held down need not wait until each of its steps was kept.
    showStrength(percent);
    inTurn(() => live.keep(({ strength }) => `Set Strength to ${Math.round(strength * 100)} %`, key));
  };
  const place = (where: 'everything' | 'selection'): void => {
    const { selection } = document.state;
    if (where === 'everything') change(() => ({ mask: undefined }), 'Refine Everywhere');
    else if (selection !== undefined) change(() => ({ mask: selection }), 'Refine Only the Selection');
  };
  /** What the same model said already is only limited anew. */
  const refineSelection = (): void => {
    const { selection, refined } = document.state;
    if (selection === undefined) return;
    if (refined !== undefined && refined.modelId === models.current?.id) place('selection');
    else void actions.refine(selection);
  };

  const panel = new RefinementPanel({
    refine: () => context.run('refine.run'),
    strengthGrabbed: () => (lastChosenMs = -Infinity),
    strengthMoved: showStrength,
    strengthChosen: chooseStrength,
    switched: (attribute, isOn) => {
      const name = ATTRIBUTES.find(([id]) => id === attribute)?.[1] ?? '';
      change(
        ({ switches }) => ({ switches: { ...switches, [attribute]: isOn } }),
        `Turn ${name} ${isOn ? 'On' : 'Off'}`,
      );
    },
    place,
    keep: () => context.run('refine.keep'),
  });
  let isShown = false;
  const showPanel = (): void => {
    if (!isShown) return;
    const { original, refined, selection, job } = document.state;
    const settings = live.settings;
    if (original === undefined || refined === undefined || settings === undefined)
      return panel.show(undefined, original !== undefined && job === undefined && models.isAvailable);
    const { mask } = settings;
    panel.show(
      {
        percent: Math.round(settings.strength * 100),
        switches: settings.switches,
        splats: original.count,
        masked: mask === undefined ? undefined : countMask(mask),
        otherSelection: selection === undefined || selection === mask ? undefined : countMask(selection),
        description: refined.description,
        seconds: refined.seconds,
      },
      false,
    );
  };
  document.watch((state, before) => {
    if (
      state.refined !== before.refined ||
      state.selection !== before.selection ||
      state.original !== before.original ||
      (state.job === undefined) !== (before.job === undefined)
    )
      showPanel();
  });

  return {
    commands: {
      'refine.selection': refineSelection,
      'refine.keep': () => edits.keepRefined(),
    },
    state: () => {
      const { refined, selection, job } = document.state;
      const disabled: CommandId[] = [];
      if (selection === undefined || job !== undefined || !models.isAvailable) disabled.push('refine.selection');
      if (refined === undefined || job !== undefined) disabled.push('refine.keep');
      return { disabled, checked: [] };
    },
    panel: {
      id: 'refinement',
      title: 'Refinement',
      icon: 'sliders',
      command: 'panel.refinement',
      element: panel.element,
      shown: () => {
        isShown = true;
        showPanel();
      },
      hidden: () => (isShown = false),
    },
  };
}
