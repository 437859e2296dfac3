import { CHANGES, CHANGE_KINDS, changeTicks, type ChangeKind } from '../../../compare/change.ts';
import { FITTED_SHARE, type ChangeSummary } from '../../../compare/change-map.ts';
import { shortNumber } from '../../../compare/heat.ts';
import type { DividerDirection, HeatMeasure } from '../../../gpu/compare-view.ts';
import { el } from '../../ui/dom.ts';
import { button, hint } from '../../ui/controls.ts';
import { HistogramChart } from './histogram-chart.ts';
import { FLICKER_HERTZ, type CompareMode, type CompareSettings } from './settings.ts';

const MODE_NAMES: readonly (readonly [value: CompareMode | 'off', label: string])[] = [
  ['off', 'One at a time'],
  ['split', 'Split'],
  ['sideBySide', 'Side by side'],
  ['heat', 'Heat map of the difference'],
  ['flicker', 'Flicker'],
  ['changes', 'Changes of each splat'],
];
const DIRECTIONS: readonly (readonly [DividerDirection, string])[] = [
  ['vertical', 'Upright'],
  ['horizontal', 'Level'],
];
const MEASURES: readonly (readonly [HeatMeasure, string])[] = [
  ['absolute', 'Size of the difference'],
  ['signed', 'Darker or lighter'],
  ['decibel', 'Size in decibels'],
];
/** Decades that the scale sliders span. */
const HEAT_DECADES = [-2, 0] as const;
const CHANGE_DECADES = [-1, 1] as const;

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

/** The dock's panel: which way to compare, with what belongs to it. */
export class ComparePanel {
  readonly element = el('div', { class: 'panel' });
  private readonly empty = el('div', { class: 'empty' });
  private readonly refine = button('Refine', () => this.actions.refine());
  private readonly mode: Choice<CompareMode | 'off'>;
  private readonly direction: Choice<DividerDirection>;
  private readonly measure: Choice<HeatMeasure>;
  private readonly kind: Choice<ChangeKind>;
  private readonly rate: Choice<string>;
  private readonly heatScale = slider('Largest difference shown', HEAT_DECADES, (exponent) =>
    shortNumber(10 ** exponent),
  );
  private readonly changeScale = slider('End of the scale', CHANGE_DECADES, (exponent) =>
    CHANGES[this.shownKind].format(this.fitted * 10 ** exponent),
  );
  private readonly fitButton = button('Fit to the scene', () => this.actions.fit());
  private readonly meaning = el('p', { class: 'hint' });
  private readonly histogram = new HistogramChart();
  private readonly figures = el('dl', { class: 'figures' });
  private readonly sections: Readonly<Record<CompareMode, HTMLElement>>;
  private shownKind: ChangeKind = 'moved';
  private fitted = 0;

  constructor(private readonly actions: ComparePanelActions) {
    this.mode = choice('Show', MODE_NAMES, (mode) => actions.choose(mode === 'off' ? undefined : mode));
    this.direction = choice('Line', DIRECTIONS, (direction) => actions.change({ direction }));
    this.measure = choice('Colours stand for', MEASURES, (measure) => actions.change({ measure }));
    this.kind = choice(
      'Colours stand for',
      CHANGE_KINDS.map((kind) => [kind, CHANGES[kind].label] as const),
      (changeKind) => actions.change({ changeKind, changeScale: 1 }),
    );
    this.rate = choice(
      'Times a second',
      FLICKER_HERTZ.map((hertz) => [String(hertz), hertz === 0.5 ? '½' : String(hertz)] as const),
      (hertz) => actions.change({ flickerHertz: Number(hertz) }),
    );
    this.heatScale.addEventListener('input', () => actions.change({ heatLargest: 10 ** this.heatScale.value }));
    this.changeScale.addEventListener('input', () => actions.change({ changeScale: 10 ** this.changeScale.value }));
    this.refine.classList.add('primary');
    this.empty.append(
      el('p', { text: 'There is nothing to compare yet. Refine the scene, then see here what changed.' }),
      this.refine,
    );
    const line = this.direction.element;
    this.sections = {
      split: el(
        'div',
        { class: 'panel' },
        hint(
          'Drag the line, or move it with the arrow keys while it has the focus. Double-click puts it in the middle.',
        ),
      ),
      sideBySide: el('div', { class: 'panel' }, hint('Both halves follow one camera.')),
      heat: el(
        'div',
        { class: 'panel' },
        this.measure.element,
        this.heatScale,
        hint('Difference of brightness between before and after in this view: 0 is none, 1 that of black and white.'),
      ),
      flicker: el(
        'div',
        { class: 'panel' },
        this.rate.element,
        hint('Before and after take turns. Press B to change sides yourself.'),
      ),
      changes: el(
        'div',
        { class: 'panel' },
        this.kind.element,
        this.meaning,
        this.histogram.element,
        this.changeScale,
        el('div', { class: 'row' }, this.fitButton),
        this.figures,
      ),
    };
    this.element.append(this.empty, this.mode.element, line, ...Object.values(this.sections));
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
    setSlider(this.heatScale, Math.log10(settings.heatLargest));
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
    setSlider(this.changeScale, Math.log10(changeScale));
    const percent = (count: number): string => `${shortNumber((100 * count) / Math.max(1, splats))} %`;
    const facts: [string, string][] = [
      ['Half of the splats within', info.upTo(summary.median)],
      [`${FITTED_SHARE * 100} % of them within`, info.upTo(summary.fitted)],
      ['Beyond the scale', percent(summary.beyond)],
    ];
    const isPaired = summary.missing < splats;
    for (const element of [this.histogram.element, this.changeScale, this.fitButton, this.figures])
      element.hidden = !isPaired;
    if (!isPaired)
      this.meaning.textContent =
        'The refinement left splats out or added some, so that nothing tells which of them belong together. They are shown in grey.';
    if (summary.missing > 0) facts.push(['Not comparable (grey)', summary.missing.toLocaleString('en')]);
    this.figures.replaceChildren(
      ...facts.flatMap(([name, value]) => [el('dt', { text: name }), el('dd', { text: value })]),
    );
    const ticks = changeTicks(info, largest);
    const description = `Histogram of ${splats.toLocaleString('en')} splats from ${ticks[0].label} to ${ticks[ticks.length - 1].label}. Half of them lie within ${info.upTo(summary.median)}.`;
    this.histogram.show({ histogram: summary.histogram, map: info.map, format: info.format, description });
  }
}

interface Choice<T extends string> {
  readonly element: HTMLElement;
  show(value: T, disabled?: readonly T[]): void;
}

function choice<T extends string>(
  label: string,
  options: readonly (readonly [value: T, label: string])[],
  chosen: (value: T) => void,
): Choice<T> {
  const items = options.map(([value, text]) => {
    const option = el('wa-option', { text });
    option.value = value;
    return option;
  });
  const element = el('wa-select', {}, ...items);
  element.label = label;
  element.size = 'small';
  element.addEventListener('change', () => chosen(element.value as T));
  return {
    element,
    show: (value, disabled = []) => {
      for (const item of items) item.disabled = disabled.includes(item.value as T);
      if (element.value !== value) element.value = value;
    },
  };
}

function slider(
  label: string,
  [min, max]: readonly [number, number],
  format: (exponent: number) => string,
): HTMLElementTagNameMap['wa-slider'] {
  const element = el('wa-slider');
  element.label = label;
  element.size = 'small';
  element.min = min;
  element.max = max;
  element.step = 0.05;
  element.withTooltip = true;
  element.valueFormatter = format;
  return element;
}

/** Leaves a slider alone that is there already: a person may be dragging it. */
function setSlider(element: HTMLElementTagNameMap['wa-slider'], value: number): void {
  if (Math.abs(element.value - value) > 0.026) element.value = value;
}
