import { el } from './dom.ts';

const STEP = 0.01;
const LARGE_STEP = 0.1;

/** How the line stands. */
export type LineDirection = 'vertical' | 'horizontal';

export interface SplitDividerParts {
  /** For screen readers. */
  readonly label: string;
  /** What is seen left of it or above. */
  readonly first: string;
  /** Called with the new share of the picture that shows what is first, 0..1. */
  readonly moved: (position: number) => void;
}

/**
 * The line between two pictures of the same: dragged by pointer, moved by arrow keys (with Shift farther), Home, End
 * and double-click. It lies in what both of them cover.
 */
export class SplitDivider {
  readonly element: HTMLElement;
  private direction: LineDirection = 'vertical';
  private position = 0.5;

  constructor(private readonly parts: SplitDividerParts) {
    this.element = el(
      'div',
      {
        class: 'split-divider',
        'aria-label': parts.label,
        'aria-valuemin': '0',
        'aria-valuemax': '100',
      },
      el('span', { class: 'grip', 'aria-hidden': 'true' }),
    );
    this.element.setAttribute('role', 'separator');
    this.element.tabIndex = 0;
    this.element.hidden = true;
    this.element.addEventListener('pointerdown', this.grab);
    this.element.addEventListener('pointermove', this.drag);
    this.element.addEventListener('keydown', this.key);
    this.element.addEventListener('dblclick', () => this.parts.moved(0.5));
  }

  show(direction: LineDirection, position: number): void {
    this.direction = direction;
    this.position = position;
    const { element } = this;
    element.hidden = false;
    element.classList.toggle('horizontal', direction === 'horizontal');
    element.style.left = direction === 'vertical' ? percent(position) : '';
    element.style.top = direction === 'horizontal' ? percent(position) : '';
    element.setAttribute('aria-orientation', direction);
    element.setAttribute('aria-valuenow', String(Math.round(position * 100)));
    element.setAttribute('aria-valuetext', `${Math.round(position * 100)} % ${this.parts.first}`);
  }

  hide(): void {
    this.element.hidden = true;
  }

  private readonly grab = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    event.preventDefault();
  };

  private readonly drag = (event: PointerEvent): void => {
    const area = this.element.parentElement?.getBoundingClientRect();
    if (area === undefined || !this.element.hasPointerCapture(event.pointerId)) return;
    const share =
      this.direction === 'vertical'
        ? (event.clientX - area.left) / area.width
        : (event.clientY - area.top) / area.height;
    this.parts.moved(clamp01(share));
  };

  private readonly key = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const [back, forth] = this.direction === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const position = new Map([
      [back, this.position - step],
      [forth, this.position + step],
      ['Home', 0],
      ['End', 1],
    ]).get(event.key);
    if (position === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.parts.moved(clamp01(position));
  };
}

function percent(share: number): string {
  return `${share * 100}%`;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
