import { BOOKMARKS_WITH_KEYS, MAX_NAME_LENGTH } from '../../../show/bookmarks.ts';
import type { Bookmark } from '../../../show/bookmarks.ts';
import { el } from '../../ui/dom.ts';
import { iconButton, rowButton } from '../../ui/buttons.ts';
import { hint } from '../../ui/controls.ts';

export interface BookmarkActions {
  add(): void;
  goTo(index: number): void;
  rename(index: number, name: string): void;
  remove(index: number): void;
}

/** The list of bookmarks: go to one, rename it, remove it. */
export class BookmarkSection {
  readonly element: HTMLElement;
  private readonly list = el('ol', { class: 'show-list', 'aria-label': 'Bookmarks' });
  private readonly empty = hint('No bookmarks yet. Add the view you see with M.');
  private shown: readonly Bookmark[] | undefined;

  constructor(
    private readonly actions: BookmarkActions,
    add: HTMLButtonElement,
  ) {
    this.element = el(
      'section',
      { class: 'show-section', 'aria-label': 'Bookmarks' },
      el('div', { class: 'show-heading' }, el('h3', { text: 'Bookmarks' }), add),
      this.empty,
      this.list,
    );
  }

  show(bookmarks: readonly Bookmark[]): void {
    if (bookmarks === this.shown) return;
    this.shown = bookmarks;
    this.empty.hidden = bookmarks.length > 0;
    this.list.hidden = bookmarks.length === 0;
    this.list.replaceChildren(...bookmarks.map((bookmark, index) => this.row(bookmark, index)));
  }

  private row({ name }: Bookmark, index: number): HTMLElement {
    const go = rowButton(() => this.actions.goTo(index), el('span', { text: name }));
    go.classList.add('show-name');
    go.title = `Go to ${name}`;
    if (index < BOOKMARKS_WITH_KEYS) go.append(el('kbd', { text: `⇧${index + 1}`, title: `Shift+${index + 1}` }));
    const row = el(
      'li',
      {},
      go,
      iconButton('rename', `Rename ${name}`, () => this.edit(row, name, index)),
      iconButton('remove', `Remove ${name}`, () => this.actions.remove(index)),
    );
    return row;
  }

  /** Puts a field in the row's place: Enter or leaving it renames, Escape leaves the name as it was. */
  private edit(row: HTMLElement, name: string, index: number): void {
    const field = el('wa-input', { class: 'show-unlabelled' });
    field.label = `Name of ${name}`;
    field.size = 's';
    field.value = name;
    field.maxlength = MAX_NAME_LENGTH;
    let isDone = false;
    const finish = (wanted: string): void => {
      if (isDone) return;
      isDone = true;
      this.shown = undefined;
      this.actions.rename(index, wanted);
    };
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') finish(field.value ?? '');
      if (event.key === 'Escape') finish(name);
      event.stopPropagation();
    });
    field.addEventListener('blur', () => finish(field.value ?? ''));
    row.replaceChildren(field);
    void field.updateComplete.then(() => field.select());
  }
}
