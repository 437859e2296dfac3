import { meansOf } from '../../../judge/report.ts';
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
  const means = meansOf(views);
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
  if (after === undefined) return [...cells, el('td'), el('td')];
  const { text, sense } = gainOf(before, after, figure);
  return [...cells, el('td', { text: figureText(after, figure) }), el('td', { class: sense, text })];
}

/** Whole degrees with a minus as it is printed, and no minus before zero. */
export function degreesText(degrees: number): string {
  const whole = Math.round(degrees);
  return `${whole < 0 ? '−' : ''}${Math.abs(whole)}°`;
}

/** A figure as it is printed. */
export function figureText(value: number, figure: Figure): string {
  return Number.isFinite(value) ? value.toFixed(DIGITS[figure]) : 'equal';
}

export interface Gain {
  readonly text: string;
  readonly sense: 'better' | 'worse' | 'same';
}

/** What a figure has gained, as it is printed: what is no gain in print is called none. */
export function gainOf(before: number, after: number, figure: Figure): Gain {
  const gain = after === before ? 0 : after - before;
  if (!Number.isFinite(gain))
    return gain > 0 ? { text: 'to equal', sense: 'better' } : { text: 'from equal', sense: 'worse' };
  const printed = Math.abs(gain).toFixed(DIGITS[figure]);
  if (Number(printed) === 0) return { text: `±${printed}`, sense: 'same' };
  return gain > 0 ? { text: `+${printed}`, sense: 'better' } : { text: `−${printed}`, sense: 'worse' };
}
