import type { DocumentState } from '../../document/document.ts';
import { el } from '../../ui/dom.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { iconButton } from '../../ui/buttons.ts';
import { icon } from '../../ui/icons.ts';

/** From here the sample shows what captures from the ground look like from above. */
const FIRST_ELEVATION_DEGREES = 70;

/** The card shows for so long that all is done, and goes. */
const DONE_MS = 3000;

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
 * The sample, seen from above, where its damage shows. On the very first start three steps to try stand beside it;
 * dismissed or done, they stay away until they are asked for.
 */
export class FirstRunFeature implements Feature {
  readonly commands = {
    'help.firstSteps': () => void this.showSteps(),
    'help.sample': () => void this.context.actions.openSample(),
  };
  private card: HintCard | undefined;

  constructor(private readonly context: AppContext) {
    const { canvas, document, startUp, memory } = context;
    document.watch((state, before) => this.documentChanged(state, before));
    for (const event of ['pointerdown', 'wheel'] as const) canvas.addEventListener(event, () => this.take(0));
    window.addEventListener('keydown', ({ code }) => {
      if (/^(Key[WASDQE]|Arrow.*)$/.test(code)) this.take(0);
    });
    if (startUp.isSample && !memory.current.hintDismissed) this.offer();
  }

  /** Offers the steps again, on the sample where nothing is open. */
  private async showSteps(): Promise<void> {
    if (this.context.document.state.original === undefined) await this.context.actions.openSample();
    this.offer();
  }

  private offer(): void {
    const { canvas, overlay } = this.context;
    this.card?.root.remove();
    this.card = new HintCard(() => {
      this.dismiss();
      canvas.focus();
    });
    overlay.append(this.card.root);
  }

  private take(step: number): void {
    const { card } = this;
    if (card?.done(step) !== true) return;
    this.dismiss();
    setTimeout(() => card.root.remove(), DONE_MS);
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    if (state.file !== before.file) {
      const isFirst = before.file === undefined;
      if (state.isSample || (isFirst && this.context.startUp.isSample))
        this.context.viewport.view.lookFrom(FIRST_ELEVATION_DEGREES);
      if (!isFirst) this.card?.root.remove();
    }
    const step = stepTaken(state, before);
    if (step !== undefined) this.take(step);
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
