import { el } from '../../ui/dom.ts';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 48;

/**
 * Bars of how many splats have which value; those within the chosen range stand out. Heights are square roots, so that
 * few still show.
 */
export class ValueHistogram {
  readonly element = el('div', { class: 'value-histogram' });
  private readonly svg = document.createElementNS(SVG, 'svg');

  constructor() {
    this.svg.setAttribute('preserveAspectRatio', 'none');
    this.svg.setAttribute('role', 'img');
    this.element.append(this.svg);
  }

  show(
    counts: Uint32Array,
    range: { readonly min: number; readonly max: number },
    chosen: { readonly min: number; readonly max: number },
    label: string,
  ): void {
    const most = Math.sqrt(Math.max(1, ...counts));
    this.svg.setAttribute('viewBox', `0 0 ${counts.length} ${HEIGHT}`);
    this.svg.setAttribute('aria-label', label);
    const width = (range.max - range.min) / counts.length;
    this.svg.replaceChildren(
      ...Array.from(counts, (count, i) => {
        const bar = document.createElementNS(SVG, 'rect');
        const height = (Math.sqrt(count) / most) * HEIGHT;
        const middle = range.min + (i + 0.5) * width;
        bar.setAttribute('x', String(i));
        bar.setAttribute('width', '0.9');
        bar.setAttribute('y', String(HEIGHT - height));
        bar.setAttribute('height', String(height));
        bar.setAttribute('class', middle >= chosen.min && middle <= chosen.max ? 'chosen' : '');
        return bar;
      }),
    );
  }
}
