import { CHANGES, CHANGE_KINDS, changeTicks, type ChangeKind } from '../../../compare/change.ts';
import { FITTED_SHARE, type ChangeSummary } from '../../../compare/change-map.ts';
import { shortNumber } from '../../../compare/heat.ts';
import { formatCount } from '../../../core/units.ts';
import type { DividerDirection, HeatMeasure } from '../../../gpu/compare-view.ts';
import { colourMap, colourMapIndex, type ColourMapName } from '../../../core/colour-map.ts';
import { button } from '../../ui/buttons.ts';
import { choice, column, hint, row, sliderField, type Choice } from '../../ui/controls.ts';
import { descriptionRows, el } from '../../ui/dom.ts';
import { Histogram } from '../../ui/histogram.ts';
import type { CompareMode } from '../../window/compare-modes.ts';
import { FLICKER_HERTZ, type CompareSettings } from './settings.ts';

const MODE_NAMES: readonly (readonly [value: CompareMode | 'off', label: string])[] = [
  ['off', 'One at a time'],
  ['split', 'Split'],
  ['sideBySide', 'Side by side'],
  ['heat', 'Heat map of the difference'],
  ['flicker', 'Flicker'],
  ['changes', 'Changes of each splat'],
];
const DIRECTIONS: readonly (readonly [DividerDirection, string])[] = [
  ['vertical', 'Vertical'],
  ['horizontal', 'Horizontal'],
];
const MEASURES: readonly (readonly [HeatMeasure, string])[] = [
  ['absolute', 'Size of the difference'],
  ['signed', 'Darker or lighter'],
  ['decibel', 'Size in decibels'],
];
const KINDS = CHANGE_KINDS.map((kind) => [kind, CHANGES[kind].label] as const);
const RATES = FLICKER_HERTZ.map((hertz) => [String(hertz), hertz === 0.5 ? '½' : String(hertz)] as const);
/** Decades that the scale sliders span. */
const HEAT_DECADES = { min: -2, max: 0 } as const;
const CHANGE_DECADES = { min: -1, max: 1 } as const;
const DECADE_STEP = 0.05;

export interface ComparePanelActions {
  readonly choose: (mode: CompareMode | undefined) => void;
  readonly change: (patch: Partial<CompareSettings>) => void;
  /** Fits the map of changes to the scene as it is now. */
  readonly fit: () => void;
  readonly refine: () => void;
}

export interface ComparePanelFacts {
  readonly isOffered: boolean;
  readonly canRefine: boolean;
  readonly canFlicker: boolean;
  readonly settings: CompareSettings;
  readonly splats: number;
  /** Of the changes, while they are shown. */
  readonly changes: { readonly summary: ChangeSummary; readonly largest: number } | undefined;
}

/** The dock's panel: which mode of comparing, with what belongs to it. */
export class ComparePanel {
  readonly element = column();
  private readonly empty = el('div', { class: 'empty' });
  private readonly refine = button('Refine', () => this.actions.refine(), { kind: 'primary' });
  private readonly mode: Choice<CompareMode | 'off'>;
  private readonly direction: Choice<DividerDirection>;
  private readonly measure: Choice<HeatMeasure>;
  private readonly kind: Choice<ChangeKind>;
  private readonly rate: Choice<string>;
  private readonly heatScale = sliderField(
    'Largest difference shown',
    { ...HEAT_DECADES, step: DECADE_STEP, format: (exponent) => shortNumber(10 ** exponent) },
    { moved: (exponent) => this.actions.change({ heatLargest: 10 ** exponent }) },
  );
  private readonly changeScale = sliderField(
    'End of the scale',
    {
      ...CHANGE_DECADES,
      step: DECADE_STEP,
      format: (exponent) => CHANGES[this.shownKind].format(this.fitted * 10 ** exponent),
    },
    { moved: (exponent) => this.actions.change({ changeScale: 10 ** exponent }) },
  );
  private readonly fitButton = button('Fit to the scene', () => this.actions.fit());
  private readonly meaning = hint('');
  private readonly histogram = new Histogram('full');
  private readonly figures = el('dl', { class: 'figures' });
  private readonly sections: Readonly<Record<CompareMode, HTMLElement>>;
  private shownKind: ChangeKind = 'moved';
  private fitted = 0;

  constructor(private readonly actions: ComparePanelActions) {
    this.mode = choice('Show', MODE_NAMES, (mode) => actions.choose(mode === 'off' ? undefined : mode));
    this.direction = choice('Line', DIRECTIONS, (direction) => actions.change({ direction }));
    this.measure = choice('Colours show', MEASURES, (measure) => actions.change({ measure }));
    this.kind = choice('Colours show', KINDS, (changeKind) => actions.change({ changeKind, changeScale: 1 }));
    this.rate = choice('Times per second', RATES, (hertz) => actions.change({ flickerHertz: Number(hertz) }));
    this.empty.append(
      el('p', { text: 'There is nothing to compare yet. Refine the scene, then see here what changed.' }),
      this.refine,
    );
    this.sections = this.makeSections();
    this.element.append(this.empty, this.mode.element, this.direction.element, ...Object.values(this.sections));
  }

  private makeSections(): Readonly<Record<CompareMode, HTMLElement>> {
    return {
      split: column(
        hint(
          'Drag the line, or move it with the arrow keys while it has the focus. Double-click puts it in the middle.',
        ),
      ),
      sideBySide: column(hint('Both halves follow one camera.')),
      heat: column(
        this.measure.element,
        this.heatScale.element,
        hint('Difference of brightness between before and after in this view: 0 is none, 1 that of black and white.'),
      ),
      flicker: column(this.rate.element, hint('Before and after take turns. Press B to change sides yourself.')),
      changes: column(
        this.kind.element,
        this.meaning,
        this.histogram.element,
        this.changeScale.element,
        row(this.fitButton),
        this.figures,
      ),
    };
  }

  show(facts: ComparePanelFacts): void {
    const { isOffered, settings } = facts;
    const { mode } = settings;
    this.empty.hidden = isOffered;
    this.refine.hidden = !facts.canRefine;
    this.mode.element.hidden = !isOffered;
    this.mode.show(mode ?? 'off', facts.canFlicker ? [] : ['flicker']);
    this.direction.element.hidden = !isOffered || (mode !== 'split' && mode !== 'sideBySide');
    this.direction.show(settings.direction);
    for (const [name, section] of Object.entries(this.sections)) section.hidden = !isOffered || name !== mode;
    this.measure.show(settings.measure);
    this.heatScale.show(Math.log10(settings.heatLargest));
    this.rate.show(String(settings.flickerHertz));
    if (mode === 'changes' && isOffered) this.showChanges(facts);
  }

  private showChanges({ settings, changes, splats }: ComparePanelFacts): void {
    const { changeKind, changeScale } = settings;
    const info = CHANGES[changeKind];
    this.kind.show(changeKind);
    this.meaning.textContent = info.meaning;
    if (changes === undefined) return;
    const { summary, largest } = changes;
    this.shownKind = changeKind;
    this.fitted = largest / changeScale;
    this.changeScale.show(Math.log10(changeScale));
    const isPaired = summary.missing < splats;
    for (const element of [this.histogram.element, this.changeScale.element, this.fitButton, this.figures])
      element.hidden = !isPaired;
    if (!isPaired)
      this.meaning.textContent =
        'The refinement left splats out or added some, so that nothing tells which of them belong together. ' +
        'They are shown in grey.';
    this.figures.replaceChildren(...descriptionRows(figuresOf(summary, changeKind, splats)));
    const ticks = changeTicks(info, largest);
    this.histogram.show({
      ...summary.histogram,
      colour: (bin) => colourOnMap(info.map, (bin + 0.5) / summary.histogram.counts.length),
      format: info.format,
      description:
        `Histogram of ${formatCount(splats)} splats from ${ticks[0].label} to ` +
        `${ticks[ticks.length - 1].label}. Half of them lie within ${info.upTo(summary.median)}.`,
    });
  }
}

function figuresOf(summary: ChangeSummary, kind: ChangeKind, splats: number): [string, string][] {
  const { upTo } = CHANGES[kind];
  const beyond = (100 * summary.beyond) / Math.max(1, splats);
  const figures: [string, string][] = [
    ['Half of the splats within', upTo(summary.median)],
    [`${FITTED_SHARE * 100} % of them within`, upTo(summary.fitted)],
    ['Beyond the scale', `${shortNumber(beyond)} %`],
  ];
  if (summary.missing > 0) figures.push(['Not comparable (grey)', formatCount(summary.missing)]);
  return figures;
}

/** A colour of a map as CSS has it. */
function colourOnMap(map: ColourMapName, position: number): string {
  const table = colourMap(map);
  const entry = colourMapIndex(position) * 3;
  return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
}
