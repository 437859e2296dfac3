import { button } from './buttons.ts';
import { el } from './dom.ts';

export interface DialogAction<T> {
  readonly label: string;
  readonly value: T;
  /** The filled button that Enter presses; `danger` paints it as one that takes something away. */
  readonly kind?: 'primary' | 'danger';
}

export interface DialogContent<T> {
  readonly title: string;
  readonly body: string | Node;
  readonly actions: readonly DialogAction<T>[];
}

/** A dialog that stays in the page and may be shown again; closed by Escape, its cross or `close`. */
export interface AppDialog {
  readonly element: HTMLElementTagNameMap['wa-dialog'];
  open(): void;
  close(): void;
}

/** Makes a modal dialog. Focus goes in when it opens and back when it closes; the page behind it is inert. */
export function makeDialog(title: string, body: Node, footer: readonly Node[] = []): AppDialog {
  const element = el('wa-dialog', {}, body);
  element.label = title;
  element.lightDismiss = false;
  for (const node of footer) {
    if (node instanceof HTMLElement) node.slot = 'footer';
    element.append(node);
  }
  document.body.append(element);
  return {
    element,
    open: () => {
      element.open = true;
    },
    close: () => {
      element.open = false;
    },
  };
}

/** Asks in a dialog and resolves with the chosen action's value, or undefined where it was closed without one. */
export function askInDialog<T>({ title, body, actions }: DialogContent<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    let answer: T | undefined;
    const buttons = actions.map(({ label, value, kind }) => {
      const choose = (): void => {
        answer = value;
        dialog.close();
      };
      const item = button(label, choose, { kind });
      item.autofocus = kind === 'primary';
      return item;
    });
    const content = typeof body === 'string' ? el('p', { text: body }) : body;
    const dialog = makeDialog(title, content, buttons);
    dialog.element.addEventListener('wa-after-hide', (event) => {
      if (event.target !== dialog.element) return;
      dialog.element.remove();
      resolve(answer);
    });
    dialog.open();
  });
}
