import { meanOf } from '../../../judge/report.ts';
import type { MeasuredView } from '../../../judge/report.ts';
import { button } from '../../ui/buttons.ts';
import { el, tableHead } from '../../ui/dom.ts';
import type { Figure } from './elevation-chart.ts';

const DIGITS: Record<Figure, number> = { psnr: 2, ssim: 4 };

/** The figures of every view with their mean; a click on a view chooses its camera by its index in `views`. */
export function measurementTable(
  views: readonly MeasuredView[],
  figure: Figure,
  choose: (index: number) => void,
): HTMLElement {
  const hasAfter = views.some(({ after }) => after !== undefined);
  const heads = ['Photo', 'Elev.', ...(hasAfter ? ['Before', 'After', 'Gain'] : [figure === 'psnr' ? 'dB' : 'SSIM'])];
  const table = el('table', { class: 'measurements' });
  const rows = views.map((view, index) => {
    const name = view.image.split(/[/\\]/).at(-1) ?? view.image;
    const open = button(name, () => choose(index), { kind: 'plain', title: view.image });
    const head = el('th', {}, open);
    head.scope = 'row';
    return el(
      'tr',
      {},
      head,
      el('td', { text: view.elevationDegrees === undefined ? '' : degreesText(view.elevationDegrees) }),
      ...figureCells(view.before[figure], view.after?.[figure], figure, hasAfter),
    );
  });
  const means = {
    before: meanOf(views.map(({ before }) => before)),
    after: hasAfter ? meanOf(views.flatMap(({ after }) => (after === undefined ? [] : [after]))) : undefined,
  };
  const meanHead = el('th', { text: `Mean of ${views.length}` });
  meanHead.scope = 'row';
  const meanRow = el(
    'tr',
    { class: 'mean' },
    meanHead,
    el('td'),
    ...figureCells(
      means.before[figure] ?? Infinity,
      hasAfter ? (means.after?.[figure] ?? Infinity) : undefined,
      figure,
      hasAfter,
    ),
  );
  table.append(tableHead(heads), el('tbody', {}, meanRow, ...rows));
  return el('div', { class: 'table-scroll' }, table);
}

function figureCells(before: number, after: number | undefined, figure: Figure, hasAfter: boolean): HTMLElement[] {
  const cells = [el('td', { text: figureText(before, figure) })];
  if (!hasAfter) return cells;
  const gain = after === undefined || after === before ? 0 : after - before;
  const sign = gain > 0 ? 'better' : gain < 0 ? 'worse' : 'same';
  return [
    ...cells,
    el('td', { text: after === undefined ? '' : figureText(after, figure) }),
    el('td', { class: sign, text: after === undefined ? '' : gainText(gain, figure) }),
  ];
}

/** Whole degrees with a minus as it is printed, and no minus before zero. */
export function degreesText(degrees: number): string {
  const whole = Math.round(degrees);
  return `${whole < 0 ? '−' : ''}${Math.abs(whole)}°`;
}

function figureText(value: number, figure: Figure): string {
  return Number.isFinite(value) ? value.toFixed(DIGITS[figure]) : 'equal';
}

function gainText(gain: number, figure: Figure): string {
  if (!Number.isFinite(gain)) return gain > 0 ? 'to equal' : 'from equal';
  return `${gain > 0 ? '+' : gain < 0 ? '−' : '±'}${Math.abs(gain).toFixed(DIGITS[figure])}`;
}
