import type { BatchRow } from '../../../batch/view.ts';
import { iconButton } from '../../ui/buttons.ts';
import { el, tableHead } from '../../ui/dom.ts';
import type { IconName } from '../../ui/icons.ts';
import type { BatchModel } from './model.ts';
import { RowView } from './row.ts';

export type RowAction = 'open' | 'reveal' | 'retry' | 'cancel' | 'remove';

const ACTIONS: Readonly<
  Record<RowAction, { readonly label: string; readonly icon: IconName; readonly states: readonly BatchRow['state'][] }>
> = {
  open: { label: 'Open the result', icon: 'photo', states: ['done'] },
  reveal: { label: 'Show in folder', icon: 'folder', states: ['done'] },
  retry: { label: 'Retry', icon: 'retry', states: ['failed', 'skipped', 'cancelled'] },
  cancel: { label: 'Cancel', icon: 'close', states: ['queued', 'running'] },
  remove: {
    label: 'Remove from the list',
    icon: 'remove',
    states: ['queued', 'done', 'failed', 'skipped', 'cancelled'],
  },
};

const COLUMNS = ['Scene', 'Size', 'Splats', 'State', 'Time', 'Result', ''] as const;
const NUMBERS: readonly string[] = ['Size', 'Splats', 'Time'];

/**
 * The queue as a table. Each file has a row of plain elements that is written only where it changed, and the buttons of
 * rows exist once: they sit in the row under the pointer or with the focus, so that a thousand rows stay light.
 * Arrow keys, Home and End move between rows; Enter opens a result, Delete cancels or removes.
 */
export class BatchTable {
  readonly element: HTMLElement;
  private readonly body = el('tbody');
  private readonly views = new Map<string, RowView>();
  private readonly buttons = new Map<RowAction, HTMLButtonElement>();
  private readonly group = el('span', { class: 'buttons' });
  /** The row that has the buttons. */
  private chosen: string | undefined;

  constructor(
    private readonly model: BatchModel,
    private readonly act: (action: RowAction, row: BatchRow) => void,
  ) {
    const head = tableHead(COLUMNS);
    for (const cell of head.querySelectorAll('th')) {
      if (NUMBERS.includes(cell.textContent)) cell.classList.add('number');
      if (cell.textContent === '') cell.setAttribute('aria-label', 'Actions');
    }
    const table = el('table', { 'aria-label': 'Files of the batch' }, head, this.body);
    this.element = el('div', { class: 'batch-table' }, table);
    for (const [action, { label, icon: name }] of Object.entries(ACTIONS) as [
      RowAction,
      (typeof ACTIONS)[RowAction],
    ][]) {
      const button = iconButton(name, label, () => this.run(action));
      button.dataset['action'] = action;
      this.buttons.set(action, button);
      this.group.append(button);
    }
    this.body.addEventListener('pointerover', (event) => this.choose(rowIdOf(event.target)));
    this.body.addEventListener('focusin', (event) => this.focusRow(rowIdOf(event.target)));
    this.body.addEventListener('dblclick', (event) => {
      if (rowIdOf(event.target) !== undefined) this.run('open');
    });
    this.body.addEventListener('keydown', (event) => this.keyDown(event));
    model.watch({
      rows: (changed, removed) => this.update(changed, removed),
      status: () => undefined,
      progress: (progress) => this.views.get(progress.id)?.progress(progress),
    });
  }

  private update(changed: readonly BatchRow[], removed: readonly string[]): void {
    const added: HTMLElement[] = [];
    for (const row of changed) {
      const view = this.views.get(row.id);
      if (view !== undefined) {
        view.show(row);
        if (row.state === 'running') this.follow(view.element);
        continue;
      }
      const fresh = new RowView(row);
      this.views.set(row.id, fresh);
      added.push(fresh.element);
    }
    this.body.append(...added);
    for (const id of removed) this.drop(id);
    if (this.chosen !== undefined) this.showButtons();
    const first = this.body.querySelector<HTMLElement>('tr');
    if (first !== null && this.body.querySelector('tr[tabindex="0"]') === null) first.tabIndex = 0;
  }

  private drop(id: string): void {
    const view = this.views.get(id);
    if (view === undefined) return;
    const hadFocus = view.element.contains(document.activeElement);
    const neighbour = (view.element.nextElementSibling ?? view.element.previousElementSibling) as HTMLElement | null;
    if (this.chosen === id) {
      this.group.remove();
      this.chosen = undefined;
    }
    view.element.remove();
    this.views.delete(id);
    if (hadFocus) neighbour?.focus();
  }

  /** Keeps the running row in sight unless somebody is looking at another part of the table. */
  private follow(row: HTMLElement): void {
    if (!this.element.matches(':hover') && !this.element.contains(document.activeElement))
      row.scrollIntoView({ block: 'nearest' });
  }

  private choose(id: string | undefined): void {
    if (id === undefined || id === this.chosen) return;
    // The row with the focus keeps its buttons: they may be what has it.
    if (this.group.querySelector(':focus-visible') !== null) return;
    this.chosen = id;
    this.showButtons();
  }

  private focusRow(id: string | undefined): void {
    const view = id === undefined ? undefined : this.views.get(id);
    if (view === undefined) return;
    for (const row of this.body.querySelectorAll<HTMLElement>('tr[tabindex="0"]')) row.tabIndex = -1;
    view.element.tabIndex = 0;
    this.chosen = id;
    this.showButtons();
  }

  private showButtons(): void {
    const row = this.chosen === undefined ? undefined : this.model.row(this.chosen);
    const view = this.chosen === undefined ? undefined : this.views.get(this.chosen);
    if (row === undefined || view === undefined) return;
    const hadFocus = this.group.querySelector(':focus-visible') !== null;
    if (this.group.parentElement !== view.actions) view.actions.append(this.group);
    for (const [action, button] of this.buttons) button.hidden = !ACTIONS[action].states.includes(row.state);
    // The button that was pressed may just have gone.
    if (hadFocus && !this.group.contains(document.activeElement)) view.element.focus();
    if (hadFocus && (document.activeElement as HTMLElement | null)?.hidden === true) view.element.focus();
  }

  private run(action: RowAction): void {
    const row = this.chosen === undefined ? undefined : this.model.row(this.chosen);
    if (row !== undefined && ACTIONS[action].states.includes(row.state)) this.act(action, row);
  }

  private keyDown(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr');
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnRow = event.target === row;
    const moves: Readonly<Record<string, Element | null>> = {
      ArrowDown: row.nextElementSibling,
      ArrowUp: row.previousElementSibling,
      Home: this.body.firstElementChild,
      End: this.body.lastElementChild,
    };
    if (event.key in moves) (moves[event.key] as HTMLElement | null)?.focus();
    else if (isOnRow && event.key === 'Enter') this.run('open');
    else if (isOnRow && event.key === 'Delete') this.run(row.dataset['state'] === 'running' ? 'cancel' : 'remove');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function rowIdOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('tr[data-id]')?.dataset['id'] : undefined;
}
