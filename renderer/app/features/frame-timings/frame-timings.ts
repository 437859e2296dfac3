import type { FrameTimings } from '../../../gpu/profiler.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { descriptionRows, el } from '../../ui/dom.ts';

/** What the graphics card spends on each pass of a frame, over the scene's corner. */
export class FrameTimingsFeature implements Feature {
  readonly commands = { 'view.timings': () => this.toggle() };
  private readonly rows = el('dl');
  private readonly card = el(
    'div',
    { class: 'frame-timings', role: 'group', 'aria-label': 'Frame timings' },
    this.rows,
  );

  constructor(private readonly context: AppContext) {
    this.card.hidden = true;
    context.overlay.append(this.card);
  }

  state(): FeatureState {
    return {
      disabled: this.context.viewport.isReady ? [] : ['view.timings'],
      checked: this.card.hidden ? [] : ['view.timings'],
    };
  }

  private toggle(): void {
    const { viewport, document, refresh } = this.context;
    if (this.card.hidden && !viewport.canTime)
      return document.complain(
        'This graphics card or its driver has no timestamps, so the passes of a frame cannot be timed.',
      );
    this.card.hidden = !this.card.hidden;
    this.rows.replaceChildren(el('dt', { text: 'Waiting for a frame…' }));
    viewport.watchTimings(this.card.hidden ? undefined : (timings) => this.show(timings));
    refresh();
  }

  private show({ passes, total }: FrameTimings): void {
    const entries = [...passes, ['Frame', total] as const];
    this.rows.replaceChildren(
      ...descriptionRows(entries.map(([name, milliseconds]) => [name, `${milliseconds.toFixed(2)} ms`])),
    );
  }
}
