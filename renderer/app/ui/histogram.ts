import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import type { ChartOptions } from 'chart.js';
import { formatCount } from '../../core/units.ts';
import { el } from './dom.ts';
import { watchTheme } from './theme.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

export interface HistogramContent {
  /** How many there are in each bin, from the least value to the greatest. */
  readonly counts: ArrayLike<number>;
  /** Where the first bin begins and the last one ends. */
  readonly from: number;
  readonly to: number;
  /** The bar's colour as CSS has it; a variable of the theme by its name (`--accent`). */
  readonly colour: (bin: number) => string;
  readonly format: (value: number) => string;
  /** What a screen reader says of the whole chart. */
  readonly description: string;
}

/**
 * How many splats have which value, as bars. `low` is without axes, and its heights are square roots, so that few
 * still show in it.
 */
export class Histogram {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { role: 'img' });
  private chart: Chart<'bar', number[], string> | undefined;
  private content: HistogramContent | undefined;

  /** @param dragged takes the values between which a pointer was dragged over the bars, from the less to the greater */
  constructor(
    private readonly height: 'low' | 'full',
    private readonly dragged?: (from: number, to: number) => void,
  ) {
    this.element = el('div', { class: `histogram ${height}` }, this.canvas);
    if (dragged !== undefined) this.canvas.addEventListener('pointerdown', (event) => this.drag(event));
    watchTheme(() => this.redraw());
  }

  show(content: HistogramContent): void {
    this.content = content;
    const { counts, description } = content;
    this.canvas.setAttribute('aria-label', description);
    this.chart ??= this.make();
    const data = Array.from(counts, (count) => (this.height === 'low' ? Math.sqrt(count) : count));
    const backgroundColor = data.map((_, bin) => this.cssColour(content.colour(bin)));
    this.chart.data = {
      labels: data.map((_, bin) => `${this.edge(bin)} to ${this.edge(bin + 1)}`),
      datasets: [{ data, backgroundColor, categoryPercentage: 1, barPercentage: 0.92 }],
    };
    this.chart.update('none');
  }

  private drag(down: PointerEvent): void {
    const { canvas } = this;
    if (down.button !== 0) return;
    canvas.setPointerCapture(down.pointerId);
    const moved = ({ offsetX }: PointerEvent): void => {
      const ends = [this.valueAt(down.offsetX), this.valueAt(offsetX)].sort((a, b) => a - b);
      if (ends[0] < ends[1]) this.dragged?.(ends[0], ends[1]);
    };
    canvas.addEventListener('pointermove', moved);
    canvas.addEventListener('lostpointercapture', () => canvas.removeEventListener('pointermove', moved), {
      once: true,
    });
  }

  /** The value at a place of the chart, in CSS pixels from its left; the nearest one beyond its ends. */
  private valueAt(x: number): number {
    const { from, to } = this.content ?? { from: 0, to: 0 };
    const { left, right } = this.chart?.chartArea ?? { left: 0, right: this.canvas.clientWidth };
    return from + (to - from) * Math.min(1, Math.max(0, (x - left) / Math.max(1, right - left)));
  }

  /** The value at the beginning of a bin, in words. */
  private edge(bin: number): string {
    if (this.content === undefined) return '';
    const { counts, from, to, format } = this.content;
    return format(from + ((to - from) * bin) / counts.length);
  }

  private cssColour(colour: string): string {
    return colour.startsWith('--') ? getComputedStyle(this.element).getPropertyValue(colour).trim() : colour;
  }

  private redraw(): void {
    if (this.chart === undefined || this.content === undefined) return;
    this.chart.destroy();
    this.chart = undefined;
    this.show(this.content);
  }

  private make(): Chart<'bar', number[], string> {
    return new Chart(this.canvas, {
      type: 'bar',
      data: { labels: [], datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        // The legend lies over the scene; other charts of the page may have registered one of Chart.js.
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            callbacks: { label: ({ dataIndex }) => splatsText(this.content?.counts[dataIndex] ?? 0) },
          },
        },
        scales: this.scales(),
      },
    });
  }

  private scales(): NonNullable<ChartOptions<'bar'>['scales']> {
    const line = this.cssColour('--line');
    if (this.height === 'low') return { x: { display: false }, y: { display: false } };
    const font = { family: getComputedStyle(this.element).fontFamily, size: 11 };
    const ticks = { color: this.cssColour('--quiet'), font };
    return {
      x: {
        border: { color: line },
        grid: { display: false },
        ticks: {
          ...ticks,
          autoSkip: false,
          maxRotation: 0,
          align: 'inner',
          callback: (_, bin) => this.tick(bin),
        },
      },
      y: {
        border: { display: false },
        grid: { color: line },
        ticks: { ...ticks, maxTicksLimit: 4, callback: (value) => compact(Number(value)) },
      },
    };
  }

  /** First, middle and last bin say where the values begin and end. */
  private tick(bin: number): string {
    if (this.content === undefined) return '';
    const { counts, from, to, format } = this.content;
    if (bin === 0) return format(from);
    if (bin === (counts.length - 1) / 2) return format((from + to) / 2);
    return bin === counts.length - 1 ? format(to) : '';
  }
}

function splatsText(count: number): string {
  return `${formatCount(count)} splats`;
}

function compact(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact' }).format(count);
}
