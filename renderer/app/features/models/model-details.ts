import { button } from '../../ui/buttons.ts';
import { row } from '../../ui/controls.ts';
import { descriptionRows, el } from '../../ui/dom.ts';
import type { ModelInfo, ModelTransfer } from '../../../bridge/models.ts';
import { adviceOf, factsOf, transferWords } from './words.ts';

/** What a person can do with a model. */
export interface ModelActions {
  use(id: string): void;
  download(id: string): void;
  cancel(id: string): void;
  /** Deletes a fetched model, or what is there of it. */
  remove(id: string): void;
  /** Takes a checkpoint of the person's own off the list. */
  forget(id: string): void;
  openPage(id: string): void;
  add(): void;
}

/** The right half of the models dialog: one model in full, and what can be done with it. */
export class ModelDetails {
  readonly element = el('section', { class: 'model-details', 'aria-label': 'Model' });
  private readonly bar = el('wa-progress-bar');
  private readonly barText = el('span', { class: 'hint' });
  private shape = '';

  constructor(private readonly actions: ModelActions) {
    this.bar.label = 'Download';
    // Takes the focus where the button that had it is gone and there is no other.
    this.element.tabIndex = -1;
  }

  show(info: ModelInfo, isCurrent: boolean, problem: string | undefined): void {
    if (info.transfer !== undefined) this.progress(info.transfer);
    // Rebuilt only where something else changed: a download's steps must not take the focus from its Cancel.
    const { transfer, ...rest } = info;
    const shape = JSON.stringify([rest, transfer !== undefined, isCurrent, problem]);
    if (shape === this.shape) return;
    this.shape = shape;
    const hadFocus = this.element.contains(document.activeElement);
    const list = el('dl', { class: 'figures' }, ...descriptionRows(factsOf(info)));
    const advice = isCurrent && info.state === 'ready' ? 'Refine uses this model.' : adviceOf(info);
    this.element.replaceChildren(
      el('h3', { text: info.name }),
      el('p', { text: info.summary }),
      list,
      ...(transfer === undefined ? [] : [el('div', { class: 'transfer' }, this.bar, this.barText)]),
      ...(problem === undefined ? [] : [el('p', { class: 'error-text', 'aria-live': 'assertive', text: problem })]),
      ...(advice === '' ? [] : [el('p', { class: 'hint', text: advice })]),
      row(...this.buttons(info, isCurrent)),
    );
    if (hadFocus) (this.element.querySelector<HTMLElement>('button') ?? this.element).focus();
  }

  private progress(transfer: ModelTransfer): void {
    this.bar.indeterminate = transfer.stage === 'Connecting';
    this.bar.value = (100 * transfer.bytes) / Math.max(1, transfer.totalBytes);
    this.barText.textContent = transferWords(transfer);
  }

  private buttons({ id, origin, state, transfer, hasPage }: ModelInfo, isCurrent: boolean): HTMLElement[] {
    const { actions } = this;
    const buttons: HTMLElement[] = [];
    if (transfer !== undefined) buttons.push(button('Cancel', () => actions.cancel(id)));
    else if (state === 'ready') {
      if (!isCurrent) buttons.push(button('Use for Refine', () => actions.use(id), { kind: 'primary' }));
      if (origin === 'download') buttons.push(button('Remove…', () => actions.remove(id)));
    } else if (origin === 'download') {
      buttons.push(
        button(state === 'partial' ? 'Resume' : 'Download', () => actions.download(id), { kind: 'primary' }),
      );
      if (state === 'partial') buttons.push(button('Discard', () => actions.remove(id)));
    }
    if (origin === 'own') buttons.push(button('Remove from the list', () => actions.forget(id)));
    const isPage = origin === 'page';
    if (hasPage)
      buttons.push(
        button("Open the authors' page", () => actions.openPage(id), { kind: isPage ? 'primary' : undefined }),
      );
    if (isPage) buttons.push(button('Add checkpoint…', () => actions.add()));
    return buttons;
  }
}
