import type { CommandId } from '../../bridge/commands.ts';
import { el } from '../ui/dom.ts';
import { button, iconButton } from '../ui/buttons.ts';
import { icon } from '../ui/icons.ts';

/** Good news goes away by itself; the toolbar offers the same actions. Bad news stays until read. */
const GOOD_NEWS_MS = 10_000;

export interface BannerContent {
  readonly text: string;
  readonly isError: boolean;
  readonly actions?: readonly { readonly label: string; readonly command: CommandId }[];
}

/**
 * A line over the scene's lower edge: what a job brought, or in full why it failed. The status bar says it to screen
 * readers.
 */
export class Banner {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly run: (id: CommandId) => void,
  ) {}

  show({ text, isError, actions = [] }: BannerContent): void {
    const close = iconButton('close', 'Dismiss', () => this.hide());
    const buttons = actions.map(({ label, command }) => button(label, () => this.run(command)));
    this.root.replaceChildren(icon(isError ? 'warning' : 'check'), el('p', { text }), ...buttons, close);
    this.root.classList.toggle('error', isError);
    this.root.hidden = false;
    clearTimeout(this.timer);
    if (!isError) this.timer = setTimeout(() => this.hideUnlessInUse(), GOOD_NEWS_MS);
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
