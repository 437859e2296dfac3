import type { Rgb } from '../../../core/vector.ts';
import { el } from '../../ui/dom.ts';
import { colourOf } from '../../ui/theme.ts';
import type { CaptureStore, Measurements } from './capture-store.ts';
import { photoCount } from './capture-store.ts';
import { ElevationChart } from './elevation-chart.ts';
import type { Figure } from './elevation-chart.ts';
import { measurementTable } from './measurement-table.ts';

export interface MeasureSectionParts {
  readonly store: CaptureStore;
  readonly measure: () => void;
  readonly save: () => void;
  /** Chooses a camera by its index. */
  readonly choose: (camera: number) => void;
  /** Whether the scenes are no longer those that were measured. */
  readonly isStale: () => boolean;
}

/** Measures the scene against the photos: background, start, plot and table. */
export class MeasureSection {
  readonly element: HTMLElement;
  private readonly background = el('wa-select');
  private readonly colour = el('input', { 'aria-label': 'Background colour' });
  private readonly start = el('button', { class: 'primary', text: 'Measure' });
  private readonly needs = el('p', { class: 'hint' });
  private readonly results = el('div', { class: 'panel' });
  private readonly stale = el('p', { class: 'hint', text: 'The scene has changed since it was measured.' });
  private readonly chart = new ElevationChart();
  private readonly table = el('div');
  private readonly problems = el('div');
  private readonly figures: Record<Figure, HTMLButtonElement>;
  private figure: Figure = 'psnr';

  constructor(private readonly parts: MeasureSectionParts) {
    const option = (value: string, text: string) => {
      const element = el('wa-option', { text });
      element.value = value;
      return element;
    };
    this.background.label = 'Background';
    this.background.size = 'small';
    this.background.value = 'black';
    this.background.append(option('black', 'Black'), option('white', 'White'), option('colour', 'Colour'));
    this.background.addEventListener('change', () => this.refresh());
    this.colour.type = 'color';
    this.colour.value = '#808080';
    this.start.type = 'button';
    this.start.addEventListener('click', parts.measure);
    this.figures = { psnr: this.figureButton('psnr', 'PSNR'), ssim: this.figureButton('ssim', 'SSIM') };
    const save = el('button', { text: 'Save table…' });
    save.type = 'button';
    save.addEventListener('click', parts.save);
    const choice = el('div', { class: 'segments', 'aria-label': 'Figure' }, this.figures.psnr, this.figures.ssim);
    choice.setAttribute('role', 'group');
    this.results.append(
      this.stale,
      el('div', { class: 'row apart' }, choice, save),
      this.chart.element,
      this.table,
      this.problems,
    );
    this.element = el(
      'section',
      { class: 'panel', 'aria-label': 'Measure' },
      el('h3', { text: 'Measure against the photos' }),
      el('div', { class: 'row measure-row' }, this.background, this.colour, this.start),
      this.needs,
      this.results,
    );
    parts.store.watch((state, before) => {
      if (state.measurements !== before.measurements) this.showResults(state.measurements);
      this.refresh();
    });
  }

  /** The chosen background, rgb 0..1: behind the splats and behind what is transparent in a photo. */
  get chosenBackground(): Rgb {
    if (this.background.value === 'white') return [1, 1, 1];
    return this.background.value === 'colour' ? colourOf(this.colour.value) : [0, 0, 0];
  }

  /** Brings the controls into line with what can be done now. */
  refresh(): void {
    const { state } = this.parts.store;
    const photos = photoCount(state);
    this.colour.hidden = this.background.value !== 'colour';
    this.start.disabled = photos === 0;
    this.needs.textContent =
      photos === 0
        ? 'Measuring needs the photos: open their folder.'
        : `Draws the scene for ${photos === 1 ? 'one photo' : `each of ${photos} photos`} at its own size and lens.`;
    this.results.hidden = state.measurements === undefined;
    this.stale.hidden = !this.parts.isStale();
  }

  private figureButton(figure: Figure, text: string): HTMLButtonElement {
    const button = el('button', { text, 'aria-pressed': String(figure === this.figure) });
    button.type = 'button';
    button.addEventListener('click', () => {
      this.figure = figure;
      this.showResults(this.parts.store.state.measurements);
    });
    return button;
  }

  private showResults(measurements: Measurements | undefined): void {
    for (const [figure, button] of Object.entries(this.figures))
      button.setAttribute('aria-pressed', String(figure === this.figure));
    if (measurements === undefined) return;
    const { views, cameras, problems } = measurements;
    this.results.hidden = false;
    this.chart.show(views, this.figure);
    this.table.replaceChildren(measurementTable(views, this.figure, (place) => this.parts.choose(cameras[place])));
    this.problems.replaceChildren(...problems.map((text) => el('p', { class: 'error-text', text })));
  }
}
