import { COLOUR_MAP_SIZE, colourMap, type ColourMapName } from '../../../core/colour-map.ts';
import type { Tick } from '../../../compare/ticks.ts';
import { el } from '../../ui/dom.ts';

export interface LegendContent {
  readonly title: string;
  readonly map: ColourMapName;
  readonly ticks: readonly Tick[];
}

/** A colour map with its numbers, over the scene. */
export class Legend {
  readonly element: HTMLElement;
  private readonly title = el('div', { class: 'title' });
  private readonly bar = el('canvas', { 'aria-hidden': 'true' });
  private readonly ticks = el('div', { class: 'ticks' });

  constructor() {
    this.bar.width = COLOUR_MAP_SIZE;
    this.bar.height = 1;
    this.element = el('div', { class: 'compare-legend', 'aria-label': 'Legend' }, this.title, this.bar, this.ticks);
    this.element.setAttribute('role', 'group');
    this.element.hidden = true;
  }

  show(content: LegendContent | undefined): void {
    this.element.hidden = content === undefined;
    if (content === undefined) return;
    this.title.textContent = content.title;
    this.paint(content.map);
    this.ticks.replaceChildren(
      ...content.ticks.map(({ position, label }) => {
        const tick = el('span', { text: label });
        tick.style.left = `${position * 100}%`;
        return tick;
      }),
    );
  }

  private paint(name: ColourMapName): void {
    const table = colourMap(name);
    const row = new ImageData(COLOUR_MAP_SIZE, 1);
    for (let i = 0; i < COLOUR_MAP_SIZE; i++) {
      row.data.set(table.subarray(i * 3, i * 3 + 3), i * 4);
      row.data[i * 4 + 3] = 255;
    }
    this.bar.getContext('2d')?.putImageData(row, 0, 0);
  }
}
