import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import type { Histogram } from '../../../compare/distribution.ts';
import { colourMap, colourMapIndex, type ColourMapName } from '../../../core/colour-map.ts';
import { el } from '../../ui/dom.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

export interface HistogramContent {
  readonly histogram: Histogram;
  readonly map: ColourMapName;
  readonly format: (value: number) => string;
  /** What a screen reader says of the whole chart. */
  readonly description: string;
}

/** How many splats changed by how much, each bar in the colour that its splats have in the scene. */
export class HistogramChart {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas');
  private chart: Chart<'bar', number[], string> | undefined;
  private content: HistogramContent | undefined;

  constructor() {
    this.canvas.setAttribute('role', 'img');
    this.element = el('div', { class: 'compare-histogram' }, this.canvas);
    // The page's colours are read when the chart is drawn.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
  }

  show(content: HistogramContent): void {
    this.content = content;
    const { histogram, map, format } = content;
    const { counts, from, to } = histogram;
    const table = colourMap(map);
    const at = (bin: number): number => from + ((to - from) * bin) / counts.length;
    const labels = Array.from(counts, (_, bin) => `${format(at(bin))} to ${format(at(bin + 1))}`);
    const colours = Array.from(counts, (_, bin) => {
      const entry = colourMapIndex((bin + 0.5) / counts.length) * 3;
      return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]})`;
    });
    this.canvas.setAttribute('aria-label', content.description);
    this.chart ??= this.make();
    this.chart.data = {
      labels,
      datasets: [{ data: Array.from(counts), backgroundColor: colours, categoryPercentage: 1, barPercentage: 0.92 }],
    };
    const { x } = this.chart.options.scales ?? {};
    // First, middle and last bin say where the map begins and ends.
    const middle = (counts.length - 1) / 2;
    if (x?.ticks !== undefined) {
      x.ticks.callback = (_, bin) =>
        bin === 0
          ? format(from)
          : bin === middle
            ? format((from + to) / 2)
            : bin === counts.length - 1
              ? format(to)
              : '';
    }
    this.chart.update('none');
  }

  private redraw(): void {
    if (this.chart === undefined || this.content === undefined) return;
    this.chart.destroy();
    this.chart = undefined;
    this.show(this.content);
  }

  private make(): Chart<'bar', number[], string> {
    const style = getComputedStyle(this.element);
    const quiet = style.getPropertyValue('--quiet').trim();
    const line = style.getPropertyValue('--line').trim();
    const font = { family: style.fontFamily, size: 11 };
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
            callbacks: { label: ({ parsed }) => `${(parsed.y ?? 0).toLocaleString('en')} splats` },
          },
        },
        scales: {
          x: {
            border: { color: line },
            grid: { display: false },
            ticks: { color: quiet, font, autoSkip: false, maxRotation: 0, align: 'inner' },
          },
          y: {
            border: { display: false },
            grid: { color: line },
            ticks: { color: quiet, font, maxTicksLimit: 4, callback: (value) => compact(Number(value)) },
          },
        },
      },
    });
  }
}

function compact(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact' }).format(count);
}
