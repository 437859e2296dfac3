import type { CommandId } from '../../bridge/commands.ts';
import type { ResultCard } from '../document/document.ts';
import { descriptionRows, el } from '../ui/dom.ts';
import { button, iconButton } from '../ui/buttons.ts';
import { icon } from '../ui/icons.ts';

/** Good news goes away by itself; the toolbar offers the same actions. Bad news stays until read. */
const GOOD_NEWS_MS = 10_000;
/** A card takes longer to read; its figures are in the panel too. */
const CARD_MS = 30_000;

export interface BannerContent {
  readonly text: string;
  readonly isError: boolean;
  readonly actions?: readonly { readonly label: string; readonly command: CommandId }[];
  /** Shown in place of the text. */
  readonly card?: ResultCard | undefined;
}

/**
 * What a job brought, or in full why it failed: a line over the scene's lower edge, or a card in its left corner. The
 * status bar says it to screen readers.
 */
export class Banner {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly run: (id: CommandId) => void,
  ) {}

  show({ text, isError, actions = [], card }: BannerContent): void {
    const close = iconButton('close', 'Dismiss', () => this.hide());
    const buttons = actions.map(({ label, command }) => button(label, () => this.run(command)));
    const choices = buttons.length === 0 ? [] : [el('div', { class: 'actions' }, ...buttons)];
    const sign = icon(isError ? 'warning' : 'check');
    if (card === undefined) this.root.replaceChildren(sign, el('p', { text }), ...choices, close);
    else
      this.root.replaceChildren(
        el('div', { class: 'head' }, sign, el('h2', { text: card.title }), close),
        el('dl', { class: 'figures' }, ...descriptionRows(card.figures)),
        ...(card.note === '' ? [] : [el('p', { text: card.note })]),
        ...choices,
      );
    this.root.classList.toggle('card', card !== undefined);
    this.root.classList.toggle('error', isError);
    this.root.classList.remove('past');
    this.root.hidden = false;
    clearTimeout(this.timer);
    if (!isError) this.timer = setTimeout(() => this.hideUnlessInUse(), card === undefined ? GOOD_NEWS_MS : CARD_MS);
  }

  /** Something else is said in the status bar now: a line goes, a card stays beside it. */
  giveWay(): void {
    if (this.root.classList.contains('card')) this.root.classList.add('past');
    else this.hide();
  }

  hide(): void {
    clearTimeout(this.timer);
    this.root.hidden = true;
  }

  /** A person who points at it or is in it keeps it. */
  private hideUnlessInUse(): void {
    if (this.root.matches(':hover, :focus-within')) this.timer = setTimeout(() => this.hideUnlessInUse(), GOOD_NEWS_MS);
    else this.hide();
  }
}
