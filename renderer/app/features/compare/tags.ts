import { panes } from '../../../gpu/compare-view.ts';
import { el } from '../../ui/dom.ts';
import type { CompareSettings } from './settings.ts';

/** The words Before and After where the two are seen. */
export class BeforeAfterTags {
  private readonly before = el('span', { class: 'compare-tag before', text: 'Before' });
  private readonly after = el('span', { class: 'compare-tag after', text: 'After' });
  readonly elements: readonly HTMLElement[] = [this.before, this.after];

  show({ mode, direction, splitPosition }: CompareSettings, flickerShows: 'before' | 'after', area: HTMLElement): void {
    const hasLine = mode === 'split' || mode === 'sideBySide';
    this.before.hidden = !(hasLine || (mode === 'flicker' && flickerShows === 'before'));
    this.after.hidden = !(hasLine || (mode === 'flicker' && flickerShows === 'after'));
    const isHorizontal = hasLine && direction === 'horizontal';
    for (const tag of this.elements) {
      tag.classList.toggle('at-line', hasLine);
      tag.classList.toggle('horizontal', isHorizontal);
    }
    const [, second] = panes(area.clientWidth, area.clientHeight, direction);
    const share =
      mode === 'split' ? splitPosition : isHorizontal ? second.y / area.clientHeight : second.x / area.clientWidth;
    area.style.setProperty('--compare-line', `${share * 100}%`);
  }

  hide(): void {
    for (const tag of this.elements) tag.hidden = true;
  }
}
