import type { DocumentState } from '../../document/document.ts';
import { el } from '../../ui/dom.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { iconButton } from '../../ui/buttons.ts';
import { icon } from '../../ui/icons.ts';

/** From here the sample shows what captures from the ground look like from above. */
const FIRST_ELEVATION_DEGREES = 70;

interface Step {
  readonly title: string;
  readonly text: string;
  readonly keys: readonly string[];
}

const STEPS: readonly Step[] = [
  { title: 'Fly', text: 'Drag to turn, or fly with', keys: ['W', 'A', 'S', 'D'] },
  { title: 'Refine', text: 'Repair the scene in one pass', keys: ['R'] },
  { title: 'Compare', text: 'Flip before and after', keys: ['B'] },
];

/** Which of the steps were taken between two states of the document: 1 refined, 2 compared. */
export function stepTaken(state: DocumentState, before: DocumentState): 1 | 2 | undefined {
  if (state.refined !== undefined && before.refined === undefined) return 1;
  if (state.refined !== undefined && state.refined === before.refined && state.shown !== before.shown) return 2;
  return undefined;
}

/**
 * On the very first start the sample is seen from above, beside three steps to try. Dismissed or done, they stay away.
 */
export class FirstRunFeature implements Feature {
  readonly commands = {};
  private isFirst = true;

  constructor(private readonly context: AppContext) {
    const { startUp, memory } = context;
    if (startUp.isSample && !memory.current.hintDismissed) this.offer();
  }

  private offer(): void {
    const { canvas, document, overlay } = this.context;
    const card = new HintCard(() => {
      this.dismiss();
      canvas.focus();
    });
    overlay.append(card.root);
    const take = (step: number): void => {
      if (card.done(step)) this.dismiss();
    };
    for (const event of ['pointerdown', 'wheel'] as const)
      canvas.addEventListener(event, () => take(0), { once: true });
    window.addEventListener('keydown', ({ code }) => {
      if (/^(Key[WASDQE]|Arrow.*)$/.test(code)) take(0);
    });
    document.watch((state, before) => {
      if (!this.lookFromAbove(state) && state.file !== before.file) card.root.remove();
      const step = stepTaken(state, before);
      if (step !== undefined) take(step);
    });
  }

  /** Whether this is the sample, just opened. */
  private lookFromAbove({ original }: DocumentState): boolean {
    if (!this.isFirst || original === undefined) return false;
    this.isFirst = false;
    this.context.viewport.view.lookFrom(FIRST_ELEVATION_DEGREES);
    return true;
  }

  private dismiss(): void {
    this.context.memory.change({ hintDismissed: true });
  }
}

class HintCard {
  readonly root = el('section', { class: 'first-run', 'aria-label': 'First steps' });
  private readonly items: readonly HTMLLIElement[];
  private readonly taken = new Set<number>();

  constructor(dismissed: () => void) {
    this.items = STEPS.map(({ title, text, keys }) => {
      const mark = el('span', { class: 'mark' });
      return el(
        'li',
        {},
        mark,
        el('span', {}, el('strong', { text: title }), ` ${text}`),
        el('span', { class: 'keys' }, ...keys.map((key) => el('kbd', { text: key }))),
      );
    });
    const close = iconButton('close', 'Dismiss', () => {
      this.root.remove();
      dismissed();
    });
    this.root.append(el('h2', { text: 'First steps' }), close, el('ol', {}, ...this.items));
  }

  /** Ticks a step off; returns whether that was the last one. */
  done(step: number): boolean {
    const item = this.items[step];
    if (item === undefined || this.taken.has(step)) return false;
    this.taken.add(step);
    item.classList.add('done');
    item.querySelector('.mark')?.replaceChildren(icon('check'));
    item.setAttribute('aria-label', `${STEPS[step]?.title}: done`);
    return this.taken.size === this.items.length;
  }
}
