import { formatCount, splats } from '../../../core/units.ts';
import type { FloaterKind } from '../../../edit/floaters.ts';
import { el } from '../../ui/dom.ts';
import { button, segments } from '../../ui/buttons.ts';
import { column, hint, row, sliderField } from '../../ui/controls.ts';

export type CleanUpTool = 'floaters' | 'decimate';
/** `veil`: what hides the subject from where none of the capture's cameras stood. */
export type Floaters = FloaterKind | 'veil';

export interface CleanUpSettings {
  readonly tool: CleanUpTool;
  readonly floaters: Floaters;
  /** Voxels that span the scene's radius. */
  readonly detail: number;
  /** Percent of opacity from which a voxel is solid. */
  readonly solidPercent: number;
  /** Percent of a splat's share of pictures from elsewhere that the cameras see of it at most, to be a veil. */
  readonly seenPercent: number;
  /** Percent of the splats that decimation keeps. */
  readonly keepPercent: number;
}

export const FIRST_CLEAN_UP: CleanUpSettings = {
  tool: 'floaters',
  floaters: 'faint',
  detail: 32,
  solidPercent: 10,
  seenPercent: 10,
  keepPercent: 50,
};

const KINDS: readonly (readonly [Floaters, string])[] = [
  ['faint', 'Faint haze'],
  ['detached', 'Detached parts'],
  ['veil', 'In the way'],
];
const MEANINGS: Readonly<Record<Floaters, string>> = {
  faint: 'Splats that add next to nothing to any solid part of the scene.',
  detached: 'Everything that is not connected to the largest part, solid or not.',
  veil: 'What the capture’s cameras hardly saw, and what hides the subject from elsewhere: from above, say.',
};

export interface CleanUpPanelActions {
  readonly change: (patch: Partial<CleanUpSettings>) => void;
  readonly preview: () => void;
  readonly apply: () => void;
  readonly discard: () => void;
  /** Shows the scene as it would be, or what would go. */
  readonly showResult: (isResult: boolean) => void;
}

export interface CleanUpFacts {
  readonly settings: CleanUpSettings;
  readonly splats: number;
  readonly isBusy: boolean;
  /** The capture's cameras are open. */
  readonly hasCameras: boolean;
  readonly preview:
    | { readonly gone: number; readonly left: number; readonly isMerge: boolean; readonly showsResult: boolean }
    | undefined;
}

/** Floaters and decimation: what would go is shown and counted before anything changes. */
export class CleanUpPanel {
  readonly element = column();
  private readonly tool;
  private readonly kind;
  private readonly meaning = hint('');
  private readonly detail;
  private readonly solid;
  private readonly seen;
  private readonly voxels;
  private readonly looks;
  private readonly needsCameras = hint('Open the capture’s cameras first: Camera > Open Cameras….');
  private readonly keep;
  private readonly target = hint('');
  private readonly sections: Readonly<Record<CleanUpTool, HTMLElement>>;
  private readonly previewButton: HTMLButtonElement;
  private readonly outcome = el('div', { class: 'outcome', 'aria-live': 'polite' });
  private readonly outcomeText = el('p');
  private readonly outcomeHint = hint('');
  private readonly view;
  private readonly applyButton: HTMLButtonElement;

  constructor(actions: CleanUpPanelActions) {
    this.tool = segments(
      'Clean up',
      [
        ['floaters', 'Floaters'],
        ['decimate', 'Decimate'],
      ],
      (tool) => actions.change({ tool }),
    );
    this.kind = segments('Which floaters', KINDS, (floaters) => actions.change({ floaters }));
    this.detail = sliderField(
      'Detail',
      { min: 8, max: 96, step: 4, format: (value) => `${value} voxels` },
      { moved: (detail) => actions.change({ detail }) },
    );
    this.solid = sliderField(
      'Solid from',
      { min: 5, max: 95, step: 5, format: percent },
      { moved: (solidPercent) => actions.change({ solidPercent }) },
    );
    this.seen = sliderField(
      'Seen by the cameras',
      { min: 1, max: 50, step: 1, format: (value) => `up to ${percent(value)}` },
      { moved: (seenPercent) => actions.change({ seenPercent }) },
    );
    this.voxels = column(
      this.detail.element,
      hint('Voxels along the scene’s radius.'),
      this.solid.element,
      hint('Opacity from which a voxel counts as part of the scene.'),
    );
    this.looks = column(
      this.seen.element,
      hint('Of what it takes of a picture from elsewhere. More finds more, and costs the captured views more.'),
      this.needsCameras,
    );
    this.keep = sliderField(
      'Splats to keep',
      { min: 1, max: 99, step: 1, format: percent },
      { moved: (keepPercent) => actions.change({ keepPercent }) },
    );
    this.sections = {
      floaters: column(this.kind.element, this.meaning, this.voxels, this.looks),
      decimate: column(
        this.keep.element,
        this.target,
        hint('Neighbours that look alike are merged, step by step; a refinement becomes part of the result.'),
      ),
    };
    this.previewButton = button('Preview', actions.preview, { kind: 'primary' });
    this.applyButton = button('Apply', actions.apply, { kind: 'primary' });
    this.view = segments(
      'Show',
      [
        ['gone', 'What goes'],
        ['result', 'Result'],
      ],
      (shown) => actions.showResult(shown === 'result'),
    );
    this.outcome.append(
      this.outcomeText,
      this.view.element,
      this.outcomeHint,
      row(this.applyButton, button('Discard', actions.discard)),
    );
    this.element.append(this.tool.element, ...Object.values(this.sections), row(this.previewButton), this.outcome);
  }

  show({ settings, splats: count, isBusy, hasCameras, preview }: CleanUpFacts): void {
    this.tool.show(settings.tool);
    for (const [name, section] of Object.entries(this.sections)) section.hidden = name !== settings.tool;
    this.kind.show(settings.floaters);
    this.meaning.textContent = MEANINGS[settings.floaters];
    this.detail.show(settings.detail);
    this.solid.show(settings.solidPercent);
    this.seen.show(settings.seenPercent);
    const isVeil = settings.floaters === 'veil';
    this.voxels.hidden = isVeil;
    this.looks.hidden = !isVeil;
    this.needsCameras.hidden = hasCameras;
    this.keep.show(settings.keepPercent);
    this.target.textContent = `${splats(targetOf(count, settings))} of ${formatCount(count)}.`;
    const lacksCameras = settings.tool === 'floaters' && isVeil && !hasCameras;
    this.previewButton.disabled = isBusy || count === 0 || lacksCameras;
    this.outcome.hidden = preview === undefined;
    if (preview === undefined) return;
    const { gone, left, isMerge, showsResult } = preview;
    this.outcomeText.textContent = isMerge
      ? `${splats(count)} become ${formatCount(left)}.`
      : gone === 0
        ? 'Nothing was found.'
        : `${formatCount(gone)} of ${splats(count)} would go.`;
    this.outcomeHint.textContent = showsResult
      ? 'The view shows the scene as it would be.'
      : isMerge
        ? `${splats(gone)} would be merged into others: red in the view.`
        : 'Red in the view.';
    this.outcomeHint.hidden = gone === 0;
    this.view.element.hidden = gone === 0;
    this.view.show(showsResult ? 'result' : 'gone');
    this.applyButton.disabled = isBusy || gone === 0;
  }
}

const percent = (value: number): string => `${value} %`;

/** Splats that a decimation of `count` splats aims for. */
export function targetOf(count: number, { keepPercent }: CleanUpSettings): number {
  return Math.max(1, Math.round((count * keepPercent) / 100));
}
