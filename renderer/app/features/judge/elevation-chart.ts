import { Chart, Legend, LinearScale, PointElement, ScatterController, Tooltip } from 'chart.js';
import type { ChartDataset } from 'chart.js';
import type { MeasuredView } from '../../../judge/report.ts';
import { el } from '../../ui/dom.ts';
import { watchTheme } from '../../ui/theme.ts';

Chart.register(Legend, LinearScale, PointElement, ScatterController, Tooltip);

export type Figure = 'psnr' | 'ssim';

export const FIGURE_NAMES: Record<Figure, string> = { psnr: 'PSNR (dB)', ssim: 'SSIM' };

/** Figures of every view over the elevation that its photo was taken from: before quiet, after in the accent colour. */
export class ElevationChart {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas');
  private chart: Chart<'scatter'> | undefined;
  private content: { readonly views: readonly MeasuredView[]; readonly figure: Figure } | undefined;

  constructor() {
    this.canvas.setAttribute('role', 'img');
    this.element = el('div', { class: 'elevation-chart' }, this.canvas);
    watchTheme(() => this.draw());
  }

  show(views: readonly MeasuredView[], figure: Figure): void {
    this.content = { views, figure };
    this.draw();
  }

  private draw(): void {
    this.chart?.destroy();
    this.chart = undefined;
    if (this.content === undefined) return;
    const { views, figure } = this.content;
    this.canvas.setAttribute(
      'aria-label',
      `${FIGURE_NAMES[figure]} of ${views.length} views by elevation; the table below has the figures.`,
    );
    const style = getComputedStyle(this.element);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const font = { family: style.fontFamily, size: 11 };
    const axis = (text: string) => ({
      title: { display: true, text, color: colour('--quiet'), font },
      grace: '6%',
      border: { display: false },
      grid: { color: colour('--line') },
      ticks: { color: colour('--quiet'), font, maxTicksLimit: 6 },
    });
    const points = (which: 'before' | 'after'): ChartDataset<'scatter'>['data'] =>
      views.flatMap((view) => {
        const value = view[which]?.[figure];
        return value === undefined || !Number.isFinite(value) ? [] : [{ x: view.elevationDegrees ?? 0, y: value }];
      });
    const dataset = (label: string, which: 'before' | 'after', fill: string): ChartDataset<'scatter'> => ({
      label,
      data: points(which),
      backgroundColor: fill,
      borderColor: fill,
      pointRadius: which === 'before' ? 4 : 3.5,
      pointStyle: which === 'before' ? 'circle' : 'rectRot',
    });
    const hasAfter = views.some(({ after }) => after !== undefined);
    this.chart = new Chart(this.canvas, {
      type: 'scatter',
      data: {
        // What comes first is drawn over what follows: where nothing changed, the smaller diamond lies on the circle.
        datasets: [
          ...(hasAfter ? [dataset('After', 'after', colour('--accent'))] : []),
          dataset('Before', 'before', colour('--quiet')),
        ],
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        plugins: {
          legend: {
            display: hasAfter,
            reverse: true,
            labels: { color: colour('--quiet'), font, usePointStyle: true, boxHeight: 7 },
          },
          tooltip: {
            displayColors: false,
            callbacks: {
              label: ({ dataset: { label }, parsed: { x, y } }) =>
                `${label ?? ''} ${(y ?? 0).toFixed(figure === 'psnr' ? 2 : 4)} at ${(x ?? 0).toFixed(0)}°`,
            },
          },
        },
        scales: { x: axis('Elevation (degrees)'), y: axis(FIGURE_NAMES[figure]) },
      },
    });
  }
}
