import { button, segments } from '../../ui/buttons.ts';
import { choice, colourField, column, hint } from '../../ui/controls.ts';
import { el } from '../../ui/dom.ts';
import type { Rgb } from '../../../core/vector.ts';
import type { CaptureStore, Measurements } from './capture-store.ts';
import { photoCount } from './capture-store.ts';
import { ElevationChart } from './elevation-chart.ts';
import type { Figure } from './elevation-chart.ts';
import { measuredGain } from './measured-gain.ts';
import { measurementTable } from './measurement-table.ts';

type Background = 'black' | 'white' | 'colour';

const BACKGROUNDS: readonly (readonly [Background, string])[] = [
  ['black', 'Black'],
  ['white', 'White'],
  ['colour', 'Colour'],
];
const FIGURES: readonly (readonly [Figure, string])[] = [
  ['psnr', 'PSNR'],
  ['ssim', 'SSIM'],
];
const FIRST_COLOUR: Rgb = [0.5, 0.5, 0.5];

export interface MeasureSectionParts {
  readonly store: CaptureStore;
  readonly measure: () => void;
  readonly save: () => void;
  /** Chooses a camera by its index. */
  readonly choose: (camera: number) => void;
  /** Whether the scenes are no longer those that were measured. */
  readonly isStale: () => boolean;
}

/** Measures the scene against the photos: background, start, the gain, plot and table. */
export class MeasureSection {
  readonly element: HTMLElement;
  private readonly background = choice('Background', BACKGROUNDS, (background) => {
    this.chosen = background;
    this.refresh();
  });
  private readonly colour = colourField('Background colour');
  private readonly start = button('Measure', () => this.parts.measure(), { kind: 'primary' });
  private readonly needs = hint('');
  private readonly results = column();
  private readonly stale = hint('The scene has changed since it was measured.');
  private readonly figures = segments('Figure', FIGURES, (figure) => {
    this.figure = figure;
    this.showResults(this.parts.store.state.measurements);
  });
  private readonly gain = el('div');
  private readonly chart = new ElevationChart();
  private readonly table = el('div');
  private readonly problems = el('div');
  private chosen: Background = 'black';
  private figure: Figure = 'psnr';

  constructor(private readonly parts: MeasureSectionParts) {
    this.background.show(this.chosen);
    this.colour.value = FIRST_COLOUR;
    this.results.append(
      this.stale,
      this.gain,
      el(
        'div',
        { class: 'row apart' },
        this.figures.element,
        button('Save table…', () => this.parts.save()),
      ),
      this.chart.element,
      this.table,
      this.problems,
    );
    this.element = el(
      'section',
      { class: 'panel', 'aria-label': 'Measure' },
      el('h3', { text: 'Measure against the photos' }),
      el('div', { class: 'row measure-row' }, this.background.element, this.colour.element, this.start),
      this.needs,
      this.results,
    );
    parts.store.watch((state, before) => {
      if (state.measurements !== before.measurements) this.showResults(state.measurements);
      this.refresh();
      if (state.measurements !== before.measurements) this.gain.firstElementChild?.scrollIntoView({ block: 'start' });
    });
  }

  /** The chosen background, rgb 0..1: behind the splats and behind what is transparent in a photo. */
  get chosenBackground(): Rgb {
    if (this.chosen === 'white') return [1, 1, 1];
    return this.chosen === 'colour' ? this.colour.value : [0, 0, 0];
  }

  /** Brings the controls into line with what can be done now. */
  refresh(): void {
    const { state } = this.parts.store;
    const photos = photoCount(state);
    this.colour.element.hidden = this.chosen !== 'colour';
    this.start.disabled = photos === 0;
    this.needs.textContent =
      photos === 0
        ? 'Measuring needs the photos: open their folder.'
        : `Draws the scene for ${photos === 1 ? 'one photo' : `each of ${photos} photos`} at its own size and lens.`;
    this.results.hidden = state.measurements === undefined;
    this.stale.hidden = !this.parts.isStale();
  }

  private showResults(measurements: Measurements | undefined): void {
    this.figures.show(this.figure);
    if (measurements === undefined) return;
    const { views, cameras, problems } = measurements;
    this.results.hidden = false;
    this.gain.replaceChildren(measuredGain(views, this.figure));
    this.chart.show(views, this.figure);
    this.table.replaceChildren(measurementTable(views, this.figure, (index) => this.parts.choose(cameras[index])));
    this.problems.replaceChildren(...problems.map((text) => el('p', { class: 'error-text', text })));
  }
}
