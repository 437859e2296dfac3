import type { FrameTimings } from '../../../gpu/profiler.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { el } from '../../ui/dom.ts';

/** What the graphics card spends on each pass of a frame, over the scene's corner. */
export function frameTimingsFeature({ viewport, overlay, document, refresh }: AppContext): Feature {
  const rows = el('dl');
  const card = el('div', { class: 'frame-timings', 'aria-label': 'Frame timings' }, rows);
  card.setAttribute('role', 'group');
  card.hidden = true;
  overlay.append(card);
  const show = ({ passes, total }: FrameTimings): void => {
    const entries = [...passes, ['Frame', total] as const];
    rows.replaceChildren(
      ...entries.flatMap(([name, milliseconds]) => [
        el('dt', { text: name }),
        el('dd', { text: `${milliseconds.toFixed(2)} ms` }),
      ]),
    );
  };
  const toggle = (): void => {
    card.hidden = !card.hidden;
    rows.replaceChildren(el('dt', { text: 'Waiting for a frame…' }));
    viewport.watchTimings(card.hidden ? undefined : show);
    refresh();
  };
  return {
    commands: {
      'view.timings': () => {
        if (viewport.canTime || !card.hidden) toggle();
        else
          document.complain(
            'This graphics card or its driver has no timestamps, so the passes of a frame cannot be timed.',
          );
      },
    },
    state: () => ({ disabled: viewport.isReady ? [] : ['view.timings'], checked: card.hidden ? [] : ['view.timings'] }),
  };
}
