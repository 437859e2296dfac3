import type { CommandId } from '../../bridge/commands.ts';
import { button } from '../ui/buttons.ts';
import { el } from '../ui/dom.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';

export interface NoticeContent {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly isError?: boolean;
  readonly actions?: readonly { readonly label: string; readonly command: CommandId }[];
}

/** The card in the middle of an empty stage: nothing open yet, or why nothing can be shown. */
export class Notice {
  private shown = '';

  constructor(
    private readonly root: HTMLElement,
    private readonly run: (id: CommandId) => void,
  ) {}

  show(content: NoticeContent | undefined): void {
    // The same card stays as it is: building it anew would take the focus from its buttons and be read out again.
    const text = JSON.stringify(content ?? '');
    if (text === this.shown) return;
    this.shown = text;
    this.root.role = content?.isError === true ? 'alert' : 'status';
    this.root.hidden = content === undefined;
    this.root.replaceChildren();
    if (content === undefined) return;
    const actions = (content.actions ?? []).map(({ label, command }, index) =>
      button(label, () => this.run(command), { kind: index === 0 ? 'primary' : undefined }),
    );
    const card = el(
      'div',
      { class: content.isError === true ? 'card error' : 'card' },
      icon(content.icon),
      el('h1', { text: content.title }),
      el('p', { text: content.text }),
    );
    if (actions.length > 0) card.append(el('div', { class: 'actions' }, ...actions));
    this.root.append(card);
  }
}
