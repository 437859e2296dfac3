import type { BatchRow } from '../../../batch/view.ts';
import { iconButton } from '../../ui/buttons.ts';
import { el, tableHead } from '../../ui/dom.ts';
import type { IconName } from '../../ui/icons.ts';
import type { BatchModel } from './model.ts';
import { RowView } from './row.ts';
import { rowsInSight, scrollToRow } from './rows-in-sight.ts';
import type { ScrollPlace } from './rows-in-sight.ts';

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

/** A row's height as the style sheet has it, where none has been laid out. */
const ROW_HEIGHT = 48;

/**
 * The queue as a table. Rows in sight are elements, so that a list of twenty thousand files costs no more than one of a
 * hundred; each is written only where it changed. The buttons of rows exist once: they sit in the row under the pointer
 * or with the focus.
 * Arrow keys, Home and End move between rows; Enter opens a result, Delete cancels or removes.
 */
export class BatchTable {
  readonly element: HTMLElement;
  private readonly head = tableHead(COLUMNS);
  private readonly body = el('tbody');
  private readonly table = el('table', { 'aria-label': 'Files of the batch' }, this.head, this.body);
  /** Ids in the list's order, and where each is. */
  private order: string[] = [];
  private readonly places = new Map<string, number>();
  /** The rows that are elements. */
  private readonly views = new Map<string, RowView>();
  private readonly buttons = new Map<RowAction, HTMLButtonElement>();
  private readonly group = el('span', { class: 'buttons' });
  /** The row that has the buttons. */
  private chosen: string | undefined;
  /** The row that Tab leads to; always an element, wherever the list is scrolled. */
  private tabStop: string | undefined;

  constructor(
    private readonly model: BatchModel,
    private readonly act: (action: RowAction, row: BatchRow) => void,
  ) {
    for (const cell of this.head.querySelectorAll('th')) {
      if (NUMBERS.includes(cell.textContent)) cell.classList.add('number');
      if (cell.textContent === '') cell.setAttribute('aria-label', 'Actions');
    }
    this.element = el('div', { class: 'batch-table' }, this.table);
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
    this.element.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.element);
    model.watch({
      rows: (changed, removed) => this.update(changed, removed),
      status: ({ isHeld }) => {
        for (const view of this.views.values()) view.hold(isHeld);
      },
      progress: (progress) => this.views.get(progress.id)?.progress(progress),
    });
  }

  private update(changed: readonly BatchRow[], removed: readonly string[]): void {
    const started = changed.find(({ id, state }) => state === 'running' && this.places.has(id));
    for (const row of changed) {
      this.views.get(row.id)?.show(row);
      if (this.places.has(row.id)) continue;
      this.places.set(row.id, this.order.length);
      this.order.push(row.id);
    }
    if (removed.length > 0) this.drop(removed);
    if (started !== undefined) this.follow(started.id);
    this.draw();
    if (this.chosen !== undefined) this.showButtons();
  }

  private drop(ids: readonly string[]): void {
    const had = this.tabStop === undefined ? undefined : this.views.get(this.tabStop);
    const hadFocus = had?.element.contains(document.activeElement) === true;
    const place = this.placeOf(this.tabStop);
    const gone = new Set(ids);
    const isTabStopGone = this.tabStop !== undefined && gone.has(this.tabStop);
    // The next row that stays, or else the one before.
    const stays = (id: string): boolean => !gone.has(id);
    const neighbour = this.order.slice(place).find(stays) ?? this.order.slice(0, place).findLast(stays);
    if (this.chosen !== undefined && gone.has(this.chosen)) {
      this.group.remove();
      this.chosen = undefined;
    }
    this.order = this.order.filter(stays);
    this.places.clear();
    for (const [i, id] of this.order.entries()) this.places.set(id, i);
    if (!isTabStopGone) return;
    this.tabStop = neighbour;
    this.draw();
    if (hadFocus && neighbour !== undefined) this.views.get(neighbour)?.element.focus();
  }

  /** Makes the rows in sight elements and takes away the others, leaving those alone that stay. */
  private draw(): void {
    this.table.setAttribute('aria-rowcount', String(this.order.length + 1));
    this.tabStop ??= this.order[0];
    const { place } = this;
    const wanted = rowsInSight(this.order.length, place, this.placeOf(this.tabStop));
    const ids = new Set(wanted.map((index) => this.order[index]));
    for (const [id, { element }] of this.views) {
      if (ids.has(id)) continue;
      element.remove();
      this.views.delete(id);
    }
    for (const gap of this.body.querySelectorAll('tr.gap')) gap.remove();
    let cursor = this.body.firstElementChild;
    let next = 0;
    for (const index of wanted) {
      if (index > next) this.body.insertBefore(gapOf((index - next) * place.rowHeight), cursor);
      next = index + 1;
      const { element } = this.viewAt(index);
      if (element === cursor) cursor = cursor.nextElementSibling;
      else this.body.insertBefore(element, cursor);
    }
    if (next < this.order.length) this.body.append(gapOf((this.order.length - next) * place.rowHeight));
  }

  private viewAt(index: number): RowView {
    const id = this.order[index];
    let view = this.views.get(id);
    if (view === undefined) {
      view = new RowView(this.model.row(id) as BatchRow);
      this.views.set(id, view);
      if (this.model.progress?.id === id) view.progress(this.model.progress);
      view.hold(this.model.status?.isHeld === true);
    }
    view.element.tabIndex = id === this.tabStop ? 0 : -1;
    view.element.setAttribute('aria-rowindex', String(index + 2));
    return view;
  }

  private get place(): ScrollPlace {
    const [view] = this.views.values();
    return {
      scrollTop: this.element.scrollTop,
      height: this.element.clientHeight - this.head.offsetHeight,
      // A hidden list has no heights.
      rowHeight: view?.element.offsetHeight || ROW_HEIGHT,
    };
  }

  private placeOf(id: string | undefined): number {
    return (id === undefined ? undefined : this.places.get(id)) ?? -1;
  }

  /** Keeps the running row in sight unless somebody is looking at another part of the table. */
  private follow(id: string): void {
    if (!this.element.matches(':hover') && !this.element.contains(document.activeElement))
      this.element.scrollTop = scrollToRow(this.placeOf(id), this.place);
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
    const former = this.tabStop === undefined ? undefined : this.views.get(this.tabStop);
    if (former !== undefined) former.element.tabIndex = -1;
    view.element.tabIndex = 0;
    this.tabStop = id;
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

  /** Brings a row into sight and puts the focus on it. */
  private moveTo(index: number): void {
    const id = this.order.at(index);
    if (index < 0 || id === undefined) return;
    this.element.scrollTop = scrollToRow(index, this.place);
    this.draw();
    this.views.get(id)?.element.focus({ preventScroll: true });
  }

  private keyDown(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr');
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnRow = event.target === row;
    const place = this.placeOf(row.dataset['id']);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      Home: 0,
      End: this.order.length - 1,
    };
    if (event.key in moves) this.moveTo(moves[event.key]);
    else if (isOnRow && event.key === 'Enter') this.run('open');
    else if (isOnRow && event.key === 'Delete') this.run(row.dataset['state'] === 'running' ? 'cancel' : 'remove');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** A row that stands for others which are no elements. */
function gapOf(height: number): HTMLElement {
  const cell = el('td');
  cell.style.height = `${height}px`;
  return el('tr', { class: 'gap', 'aria-hidden': 'true' }, cell);
}

function rowIdOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('tr[data-id]')?.dataset['id'] : undefined;
}
