import { meansOf } from '../../../judge/report.ts';
import type { MeasuredView } from '../../../judge/report.ts';
import { el } from '../../ui/dom.ts';
import type { Figure } from './elevation-chart.ts';
import { figureText, gainOf } from './measurement-table.ts';

const UNITS: Record<Figure, string> = { psnr: ' dB', ssim: '' };
const NAMES: Record<Figure, string> = { psnr: 'PSNR', ssim: 'SSIM' };

/** What the refinement has gained on average, as a large figure; the figure itself where nothing was refined. */
export function measuredGain(views: readonly MeasuredView[], figure: Figure): HTMLElement {
  const { before, after } = meansOf(views);
  const from = before[figure] ?? Infinity;
  const many = `${views.length} ${views.length === 1 ? 'photo' : 'photos'}`;
  const say = (large: string, sense: string, small: string): HTMLElement =>
    el('p', { class: 'measured-gain' }, el('strong', { class: sense, text: large }), el('span', { text: small }));
  if (after === undefined)
    return say(`${figureText(from, figure)}${UNITS[figure]}`, 'same', `${NAMES[figure]}, mean of ${many}`);
  const to = after[figure] ?? Infinity;
  const gain = gainOf(from, to, figure);
  const better = views.filter((view) => senseOf(view, figure) === 'better').length;
  const worse = views.filter((view) => senseOf(view, figure) === 'worse').length;
  return say(
    `${gain.text}${UNITS[figure]}`,
    gain.sense,
    `${NAMES[figure]} ${figureText(from, figure)} → ${figureText(to, figure)}, mean of ${many}: ` +
      `${better} better, ${worse} worse`,
  );
}

function senseOf({ before, after }: MeasuredView, figure: Figure): string | undefined {
  return after === undefined ? undefined : gainOf(before[figure], after[figure], figure).sense;
}
